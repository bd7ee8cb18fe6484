import {
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  type Rank,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { type OperationCase, operationCase } from '../operation-case';
import * as reference from '../reference/conv2d';
import { axisOf, type Padding } from '../reference/window';

/** What is varied from case to case. */
export interface ConvSetting {
  readonly input: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  /** Output channels, or the channel multiplier of a depthwise convolution. */
  readonly out: number;
  readonly stride?: number | [number, number];
  readonly dilation?: number | [number, number];
  readonly pad: Padding;
}

type TfPad = Parameters<typeof conv2d>[3];

/** As TensorFlow.js takes it: four pairs, or a word, or a number. */
export function tfPad(pad: Padding): TfPad {
  if (typeof pad === 'string' || typeof pad === 'number') return pad;
  const [[top, bottom], [left, right]] = pad;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

export function describeConv({ input, kernel, out, stride = 1, dilation = 1, pad }: ConvSetting): string {
  const padding = typeof pad === 'object' ? JSON.stringify(pad) : pad;
  return `${kernel.join('×')} → ${out}, [${input.join(', ')}], stride ${stride}, dilation ${dilation}, pad ${padding}`;
}

const filterShape = ({ input, kernel, out }: ConvSetting) => [...kernel, input[3], out];

export function convCase(setting: ConvSetting): OperationCase {
  const { input, stride = 1, dilation = 1, pad } = setting;
  return operationCase(
    'conv2d',
    describeConv(setting),
    [input, filterShape(setting)],
    (x, filter) => conv2d(x as Tensor4D, filter as Tensor4D, stride, tfPad(pad), 'NHWC', dilation),
    (x, filter) => reference.conv2d(x, filter, { strides: stride, dilations: dilation, pad }),
  );
}

export function depthwiseCase(setting: ConvSetting): OperationCase {
  const { input, stride = 1, dilation = 1, pad } = setting;
  return operationCase(
    'depthwiseConv2d',
    describeConv(setting),
    [input, filterShape(setting)],
    (x, filter) => depthwiseConv2d(x as Tensor4D, filter as Tensor4D, stride, tfPad(pad), 'NHWC', dilation),
    (x, filter) => reference.depthwiseConv2d(x, filter, { strides: stride, dilations: dilation, pad }),
  );
}

/** `input` is the result's shape here: the convolution that is transposed goes the other way. */
export function transposedCase(setting: ConvSetting): OperationCase {
  const { input, kernel, out, stride = 1, pad } = setting;
  const [n, h, w, c] = input;
  const sizes = ([h, w] as const).map(
    (size, axis) => axisOf(size, kernel[axis]!, { strides: stride, pad }, axis as 0 | 1).size,
  );
  return operationCase(
    'conv2dTranspose',
    describeConv(setting),
    [
      [n, ...sizes, out],
      [...kernel, c, out],
    ],
    (x, filter) =>
      conv2dTranspose<Tensor3D | Tensor4D>(
        x as Tensor4D,
        filter as Tensor<Rank.R4>,
        [...input],
        stride,
        tfPad(pad) as 'same',
      ),
    (x, filter) => reference.conv2dTranspose(x, filter, [h, w], { strides: stride, pad }),
  );
}

/** What our networks use. */
export const convolutions: OperationCase[] = [
  convCase({ input: [2, 7, 5, 3], kernel: [3, 3], out: 4, pad: 'same' }),
  convCase({ input: [2, 9, 7, 3], kernel: [3, 3], out: 4, stride: 2, pad: 'same' }),
  convCase({ input: [1, 9, 8, 2], kernel: [7, 7], out: 3, stride: 2, pad: 3 }),
  convCase({ input: [2, 6, 5, 5], kernel: [1, 1], out: 3, pad: 'valid' }),
  convCase({ input: [2, 7, 5, 3], kernel: [1, 1], out: 4, stride: 2, pad: 'valid' }),
  convCase({ input: [1, 9, 11, 2], kernel: [3, 3], out: 3, dilation: 2, pad: 'same' }),
  convCase({ input: [1, 11, 9, 2], kernel: [3, 3], out: 3, dilation: 4, pad: 4 }),
  depthwiseCase({ input: [2, 7, 5, 4], kernel: [3, 3], out: 1, pad: 'same' }),
  depthwiseCase({ input: [2, 8, 7, 4], kernel: [3, 3], out: 1, stride: 2, pad: 'same' }),
  depthwiseCase({ input: [1, 9, 11, 3], kernel: [3, 3], out: 1, dilation: 2, pad: 'same' }),
  depthwiseCase({ input: [1, 6, 7, 3], kernel: [3, 3], out: 2, pad: 'valid' }),
  transposedCase({ input: [1, 9, 7, 3], kernel: [3, 3], out: 2, stride: 2, pad: 'same' }),
];
