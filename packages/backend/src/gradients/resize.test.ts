import { testOperations } from '../test-support';
import { bilinearCase, mirrorPadCase, nearestCase } from '../verify/cases/resizing';

const sizes: [number, number][] = [
  [10, 14],
  [9, 4],
  [3, 11],
  [5, 7],
  [1, 1],
  [1, 9],
  [13, 2],
];
const grids = ['corners', 'centers', 'legacy'] as const;

testOperations([
  ...sizes.flatMap((size) => grids.map((grid) => bilinearCase([2, 5, 7, 3], size, grid))),
  ...sizes.flatMap((size) => grids.map((grid) => nearestCase([3, 5, 7, 2], size, grid))),
  bilinearCase([1, 1, 1, 2], [3, 4], 'corners'),
  bilinearCase([1, 1, 5, 2], [3, 4], 'centers'),
  mirrorPadCase([4], [[3, 2]], 'reflect'),
  mirrorPadCase(
    [4, 3],
    [
      [3, 4],
      [2, 3],
    ],
    'symmetric',
  ),
  mirrorPadCase(
    [2, 5, 4, 3],
    [
      [0, 1],
      [4, 2],
      [1, 3],
      [0, 0],
    ],
    'reflect',
  ),
  mirrorPadCase(
    [2, 5, 4, 3],
    [
      [1, 0],
      [2, 5],
      [4, 0],
      [3, 1],
    ],
    'symmetric',
  ),
]);
