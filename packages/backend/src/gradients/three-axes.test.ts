import {
  avgPool3d,
  conv3d,
  conv3dTranspose,
  dilation2d,
  maxPool3d,
  type Tensor4D,
  type Tensor5D,
} from '@tensorflow/tfjs-core';
import { BACKENDS, testOperations } from '../test-support';
import { type Array64, array64, at, distinct, tabulate } from '../verify/array64';
import { operationCase } from '../verify/operation-case';
import { axisOf } from '../verify/reference/window';

type Index = readonly number[];

/** Windows over any number of axes between the batch and the channels. */
function windows(x: Array64, size: Index, stride: number, pad: 'same' | 'valid', dilation = 1) {
  const axes = size.map((taps, d) => axisOf(x.shape[d + 1]!, taps, { strides: stride, dilations: dilation, pad }, 0));
  /** Calls back for every tap inside the image. */
  const each = (out: Index, visit: (input: number[], tap: number[]) => void) => {
    tabulate(size, (tap) => {
      const input = tap.map((t, d) => out[d + 1]! * stride - axes[d]!.before + t * dilation);
      if (input.every((i, d) => i >= 0 && i < x.shape[d + 1]!)) visit(input, [...tap]);
      return 0;
    });
  };
  return { sizes: axes.map((axis) => axis.size), each };
}

const conv = (x: Array64, filter: Array64, stride: number, pad: 'same' | 'valid', dilation = 1): Array64 => {
  const { sizes, each } = windows(x, filter.shape.slice(0, 3), stride, pad, dilation);
  const [inputs, outputs] = filter.shape.slice(3) as [number, number];
  return tabulate([x.shape[0]!, ...sizes, outputs], (index) => {
    let sum = 0;
    each(index, (place, tap) => {
      for (let i = 0; i < inputs; i++) sum += at(x, [index[0]!, ...place, i]) * at(filter, [...tap, i, index[4]!]);
    });
    return sum;
  });
};

const pool = (x: Array64, size: Index, stride: number, pad: 'same' | 'valid', f: (values: number[]) => number) => {
  const { sizes, each } = windows(x, size, stride, pad);
  return tabulate([x.shape[0]!, ...sizes, x.shape.at(-1)!], (index) => {
    const values: number[] = [];
    each(index, (place) => values.push(at(x, [index[0]!, ...place, index.at(-1)!])));
    return f(values);
  });
};

const settings = [1, 2].flatMap((stride) => (['same', 'valid'] as const).map((pad) => ({ stride, pad })));
const shape = [2, 4, 5, 3, 2];

testOperations([
  ...settings.flatMap(({ stride, pad }) => [
    operationCase(
      'conv3d',
      `stride ${stride}, ${pad}`,
      [shape, [3, 2, 2, 2, 3]],
      (x, filter) => conv3d(x as Tensor5D, filter as Tensor5D, stride, pad),
      (x, filter) => conv(x, filter, stride, pad),
    ),
    operationCase(
      'maxPool3d',
      `stride ${stride}, ${pad}`,
      [{ shape, draw: distinct(-9) }],
      (x) => maxPool3d(x as Tensor5D, 2, stride, pad),
      (x) => pool(x, [2, 2, 2], stride, pad, (values) => Math.max(...values)),
    ),
    operationCase(
      'avgPool3d',
      `stride ${stride}, ${pad}`,
      [shape],
      (x) => avgPool3d(x as Tensor5D, [3, 2, 2], stride, pad),
      (x) => pool(x, [3, 2, 2], stride, pad, (values) => values.reduce((sum, v) => sum + v, 0) / values.length),
    ),
    operationCase(
      'dilation2d',
      `stride ${stride}, ${pad}`,
      [
        { shape: [2, 5, 4, 2], draw: distinct(0, 0.37) },
        { shape: [2, 3, 2], draw: distinct(0, 0.1) },
      ],
      (x, filter) => dilation2d(x as Tensor4D, filter as never, stride, pad),
      (x, filter) => {
        const { sizes, each } = windows(x, filter.shape.slice(0, 2), stride, pad);
        return tabulate([2, ...sizes, 2], (index) => {
          let most = Number.NEGATIVE_INFINITY;
          each(index, (place, tap) => {
            const value = at(x, [index[0]!, ...place, index[3]!]) + at(filter, [...tap, index[3]!]);
            most = Math.max(most, value);
          });
          return most;
        });
      },
    ),
  ]),
  // On processors TensorFlow says that it has no dilation over three axes.
  ...(BACKENDS.includes('tensorflow')
    ? []
    : [
        operationCase(
          'conv3d',
          'dilation 2',
          [shape, [2, 3, 2, 2, 2]],
          (x, filter) => conv3d(x as Tensor5D, filter as Tensor5D, 1, 'same', 'NDHWC', 2),
          (x, filter) => conv(x, filter, 1, 'same', 2),
        ),
      ]),
  operationCase(
    'conv3dTranspose',
    'stride 2',
    [
      [1, 2, 3, 2, 3],
      [3, 2, 2, 2, 3],
    ],
    (x, filter) => conv3dTranspose(x as Tensor5D, filter as Tensor5D, [1, 4, 5, 4, 2], 2, 'same'),
    (x, filter) => {
      // Linear, and the transpose of the convolution: ⟨e, convᵀ(x)⟩ = ⟨conv(e), x⟩ for each unit vector e.
      const unit = array64([1, 4, 5, 4, 2]);
      return {
        shape: unit.shape,
        values: unit.values.map((_, i) => {
          const e = array64(unit.shape);
          e.values[i] = 1;
          return conv(e, filter, 2, 'same').values.reduce((sum, v, j) => sum + v * x.values[j]!, 0);
        }),
      };
    },
  ),
]);
