import { testOperations } from '../test-support';
import { avgPoolCase, maxPoolCase, type PoolSetting } from '../verify/cases/pooling';
import type { Padding } from '../verify/reference/window';

const paddings: Padding[] = [
  'same',
  'valid',
  1,
  [
    [0, 1],
    [1, 0],
  ],
];
const settings: PoolSetting[] = (
  [
    [2, 2],
    [3, 3],
    [3, 2],
  ] as [number, number][]
).flatMap((size) =>
  [1, 2, 3, [2, 1] as [number, number]].flatMap((stride) =>
    paddings.map((pad) => ({ input: [2, 9, 7, 2] as const, size, stride, pad })),
  ),
);

testOperations([...settings.map(maxPoolCase), ...settings.map(avgPoolCase)]);
