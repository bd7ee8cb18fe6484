import { testOperations } from '../test-support';
import { type ConvSetting, convCase, depthwiseCase, transposedCase } from '../verify/cases/convolutions';
import type { Padding } from '../verify/reference/window';

const paddings: Padding[] = [
  'same',
  'valid',
  2,
  [
    [1, 3],
    [0, 2],
  ],
];

/** Odd sizes, H ≠ W, batches; strides with dilation 1 and dilations with stride 1, as TensorFlow.js allows. */
const settings: Pick<ConvSetting, 'stride' | 'dilation' | 'pad'>[] = [
  ...[1, 2, 3, [2, 1] as [number, number]].flatMap((stride) => paddings.map((pad) => ({ stride, pad }))),
  ...[2, 4, [1, 3] as [number, number]].flatMap((dilation) => paddings.map((pad) => ({ dilation, pad }))),
];

testOperations([
  ...settings.map((setting) => convCase({ input: [2, 11, 9, 3], kernel: [3, 3], out: 2, ...setting })),
  ...settings.map((setting) => depthwiseCase({ input: [2, 11, 9, 3], kernel: [3, 3], out: 1, ...setting })),
  ...settings
    .slice(0, 16)
    .map((setting) => transposedCase({ input: [2, 11, 9, 2], kernel: [3, 3], out: 3, ...setting })),
  // Filters that are even, oblong, pointwise, or as large as the image; one channel; a channel multiplier.
  ...(
    [
      { input: [1, 6, 7, 2], kernel: [2, 3], out: 3, stride: 2, pad: 'same' },
      { input: [1, 7, 6, 2], kernel: [1, 5], out: 3, stride: 3, pad: 2 },
      { input: [2, 5, 7, 3], kernel: [1, 1], out: 4, pad: 'same' },
      { input: [2, 5, 7, 4], kernel: [1, 1], out: 3, pad: 1 },
      { input: [2, 7, 5, 3], kernel: [1, 1], out: 2, stride: 2, pad: 'valid' },
      { input: [1, 4, 3, 1], kernel: [4, 3], out: 1, pad: 'valid' },
      { input: [1, 1, 1, 2], kernel: [3, 3], out: 2, dilation: 4, pad: 'same' },
      { input: [1, 3, 4, 2], kernel: [3, 3], out: 2, dilation: 4, pad: 'same' },
    ] satisfies ConvSetting[]
  ).flatMap((setting) => [convCase(setting), depthwiseCase(setting)]),
]);
