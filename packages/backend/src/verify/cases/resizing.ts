import { image, mirrorPad, type Tensor4D } from '@tensorflow/tfjs-core';
import { at, tabulate } from '../array64';
import { type OperationCase, operationCase } from '../operation-case';
import { type Grid, resizeBilinear, resizeNearest } from '../reference/resize';

type Shape4 = readonly [number, number, number, number];

export function bilinearCase(input: Shape4, size: readonly [number, number], grid: Grid): OperationCase {
  return operationCase(
    'resizeBilinear',
    `[${input.join(', ')}] → ${size.join('×')}, ${grid}`,
    [input],
    (x) => image.resizeBilinear(x as Tensor4D, [...size], grid === 'corners', grid === 'centers'),
    (x) => resizeBilinear(x, size, grid),
  );
}

export function nearestCase(input: Shape4, size: readonly [number, number], grid: Grid): OperationCase {
  return operationCase(
    'resizeNearestNeighbor',
    `[${input.join(', ')}] → ${size.join('×')}, ${grid}`,
    [input],
    (x) => image.resizeNearestNeighbor(x as Tensor4D, [...size], grid === 'corners', grid === 'centers'),
    (x) => resizeNearest(x, size, grid),
  );
}

/** Walks back from a border as often as needed. */
function mirrored(i: number, size: number, mode: 'reflect' | 'symmetric'): number {
  const edge = mode === 'reflect' ? 0 : 1;
  if (i < 0) return mirrored(-i - edge, size, mode);
  return i >= size ? mirrored(2 * (size - 1) - i + edge, size, mode) : i;
}

export function mirrorPadCase(
  shape: readonly number[],
  paddings: readonly (readonly [number, number])[],
  mode: 'reflect' | 'symmetric',
): OperationCase {
  const padded = shape.map((n, axis) => n + paddings[axis]![0] + paddings[axis]![1]);
  return operationCase(
    'mirrorPad',
    `[${shape.join(', ')}], ${JSON.stringify(paddings)}, ${mode}`,
    [shape],
    (x) =>
      mirrorPad(
        x,
        paddings.map(([before, after]) => [before, after] as [number, number]),
        mode,
      ),
    (x) =>
      tabulate(padded, (index) =>
        at(
          x,
          index.map((i, axis) => mirrored(i - paddings[axis]![0], shape[axis]!, mode)),
        ),
      ),
  );
}

/** What our networks use. */
export const resizing: OperationCase[] = [
  bilinearCase([2, 5, 7, 2], [9, 10], 'corners'),
  bilinearCase([2, 5, 7, 2], [9, 10], 'centers'),
  bilinearCase([1, 9, 6, 2], [4, 3], 'corners'),
  bilinearCase([1, 9, 6, 2], [4, 3], 'centers'),
  nearestCase([3, 4, 5, 2], [8, 15], 'legacy'),
  nearestCase([2, 9, 7, 2], [5, 3], 'centers'),
  mirrorPadCase(
    [1, 5, 4, 2],
    [
      [0, 0],
      [2, 1],
      [1, 3],
      [0, 0],
    ],
    'reflect',
  ),
  mirrorPadCase(
    [1, 3, 4, 2],
    [
      [0, 0],
      [1, 3],
      [2, 0],
      [0, 0],
    ],
    'symmetric',
  ),
];
