import * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { runKernel } from '../kernels/run-kernel';
import { BACKENDS, testOperations } from '../test-support';
import { useBackend } from '../use-backend';
import { distinct } from '../verify/array64';
import { convCase, depthwiseCase, tfPad } from '../verify/cases/convolutions';
import { operationCase } from '../verify/operation-case';
import * as reference from '../verify/reference/conv2d';
import type { WindowOptions } from '../verify/reference/window';

/** Stride and dilation together, which the operations of TensorFlow.js forbid and the kernels can. */
const both: WindowOptions[] = [
  { strides: 2, dilations: 2, pad: 'same' },
  {
    strides: [3, 2],
    dilations: [2, 4],
    pad: [
      [3, 4],
      [5, 2],
    ],
  },
  { strides: 3, dilations: 4, pad: 'valid' },
];
const attributesOf = ({ strides, dilations, pad }: WindowOptions) => ({
  strides,
  dilations,
  pad: tfPad(pad),
  dataFormat: 'NHWC',
});

testOperations([
  // The gradient kernels against their own linear maps: ⟨dy, conv(x, w)⟩ by w and by x.
  ...both.flatMap((options, i) => {
    const [x, filter] = [
      [2, 13, 11, 3],
      [3, 3, 3, 2],
    ];
    const y = reference.conv2d(
      { shape: x, values: new Float64Array(858) },
      { shape: filter, values: new Float64Array(54) },
      options,
    ).shape;
    const setting = `stride with dilation, ${i}`;
    return [
      operationCase(
        'Conv2DBackpropInput',
        setting,
        [y, filter],
        (dy, w) => runKernel('Conv2DBackpropInput', { dy, filter: w }, { ...attributesOf(options), inputShape: x }),
        (dy, w) => reference.conv2dTranspose(dy, w, [13, 11], options),
      ),
      operationCase(
        'Conv2DBackpropFilter',
        setting,
        [x, y],
        (image, dy) =>
          runKernel('Conv2DBackpropFilter', { x: image, dy }, { ...attributesOf(options), filterShape: filter }),
        (image, dy) => {
          const values = new Float64Array(54);
          for (let k = 0; k < 54; k++) {
            const unit = new Float64Array(54);
            unit[k] = 1;
            const { values: part } = reference.conv2d(image, { shape: filter, values: unit }, options);
            values[k] = part.reduce((sum, v, j) => sum + v * dy.values[j]!, 0);
          }
          return { shape: filter, values };
        },
      ),
    ];
  }),
  // Few pixels and many channels take other ways through wasm than the small cases.
  convCase({ input: [1, 3, 4, 20], kernel: [3, 3], out: 24, pad: 'same' }),
  convCase({ input: [2, 5, 3, 26], kernel: [3, 3], out: 18, dilation: 2, pad: 'same' }),
  convCase({ input: [1, 5, 6, 26], kernel: [3, 3], out: 17, stride: 2, pad: 1 }),
  convCase({ input: [1, 4, 31, 2], kernel: [1, 5], out: 3, pad: 'same' }),
  convCase({ input: [1, 6, 5, 26], kernel: [1, 1], out: 3, stride: 2, pad: 'valid' }),
  convCase({
    input: [2, 30, 5, 3],
    kernel: [2, 2],
    out: 2,
    pad: [
      [3, 3],
      [2, 2],
    ],
  }),
  depthwiseCase({ input: [2, 7, 40, 5], kernel: [5, 5], out: 1, pad: 'same' }),
  depthwiseCase({ input: [1, 9, 8, 3], kernel: [7, 7], out: 1, stride: 2, pad: 5 }),
  depthwiseCase({
    input: [1, 3, 4, 3],
    kernel: [2, 2],
    out: 1,
    pad: [
      [2, 3],
      [4, 2],
    ],
  }),
  // Rounding up: the last window hangs over the border.
  ...(['ceil', 'round', 'floor'] as const).flatMap((mode) => [
    operationCase(
      'maxPool',
      `rounding mode ${mode}`,
      [{ shape: [2, 8, 6, 2], draw: distinct(-20) }],
      (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 0, mode),
      (x) => overhanging(x, mode, (values) => Math.max(...values)),
    ),
    operationCase(
      'avgPool',
      `rounding mode ${mode}`,
      [[2, 8, 6, 2]],
      (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 0, mode),
      (x) => overhanging(x, mode, (values) => values.reduce((sum, v) => sum + v, 0) / values.length),
    ),
  ]),
  // Batches large enough for a product each.
  operationCase(
    'matMul',
    'batch of 2, 40×40×40',
    [
      [2, 40, 40],
      [2, 40, 40],
    ],
    (a, b) => tf.matMul(a, b),
    (a, b) => productOf(a.values, b.values),
  ),
  // The gradients of gradients that convolutions have.
  ...(['same', 'valid'] as const).map((pad) =>
    operationCase(
      'conv2d twice differentiated',
      pad,
      [
        [1, 5, 4, 2],
        [3, 3, 2, 2],
      ],
      (x, w) => {
        const slope = tf.grad((image: tf.Tensor) =>
          tf.sum(tf.square(tf.conv2d(image as tf.Tensor4D, w as tf.Tensor4D, 1, pad))),
        );
        return slope(x);
      },
      (x, w) => {
        const y = reference.conv2d(x, w, { pad });
        const doubled = { shape: y.shape, values: y.values.map((v) => 2 * v) };
        return reference.conv2dTranspose(doubled, w, [5, 4], { pad });
      },
    ),
  ),
]);

function overhanging(
  x: { shape: readonly number[]; values: Float64Array },
  mode: 'ceil' | 'round' | 'floor',
  f: (values: number[]) => number,
) {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const [rows, columns] = [h, w].map((size) => Math[mode]((size - 3) / 2) + 1) as [number, number];
  const values: number[] = [];
  for (let b = 0; b < n; b++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < c; k++) {
          const seen: number[] = [];
          for (let y = 2 * i; y < Math.min(h, 2 * i + 3); y++)
            for (let z = 2 * j; z < Math.min(w, 2 * j + 3); z++) {
              seen.push(x.values[((b * h + y) * w + z) * c + k]!);
            }
          values.push(f(seen));
        }
  return { shape: [n, rows, columns, c], values: Float64Array.from(values) };
}

function productOf(a: Float64Array, b: Float64Array) {
  const values = new Float64Array(3200);
  for (let n = 0; n < 2; n++)
    for (let i = 0; i < 40; i++)
      for (let j = 0; j < 40; j++) {
        let sum = 0;
        for (let k = 0; k < 40; k++) sum += a[(n * 40 + i) * 40 + k]! * b[(n * 40 + k) * 40 + j]!;
        values[(n * 40 + i) * 40 + j] = sum;
      }
  return { shape: [2, 40, 40], values };
}

describe.each(BACKENDS)('on %s', (name) => {
  beforeAll(async () => {
    await useBackend(name);
  });

  const gradientOf = async (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => {
    const before = tf.memory().numTensors;
    const dx = tf.grad(f)(x);
    const values = [...(await dx.data())];
    dx.dispose();
    expect(tf.memory().numTensors).toBe(before);
    return values;
  };

  test('of equal maxima, the first of each window has the gradient', async () => {
    const x = tf.tensor4d([1, 3, 3, 3, 2, 3, 3, 1, 0], [1, 3, 3, 1]);
    const pooled = (image: tf.Tensor) => tf.maxPool(image as tf.Tensor4D, 2, 1, 'valid');
    expect(await gradientOf(pooled, x)).toEqual([0, 2, 0, 1, 0, 1, 0, 0, 0]);
    const same = tf.fill([1, 2, 2, 1], -3) as tf.Tensor4D;
    expect(await gradientOf((image) => tf.maxPool(image as tf.Tensor4D, 2, 2, 'same'), same)).toEqual([1, 0, 0, 0]);
    tf.dispose([x, same]);
  });

  test('equal extremes of a reduction share the gradient', async () => {
    const x = tf.tensor2d([1, 2, 2, 0, 0, 0], [2, 3]);
    expect(await gradientOf((v) => tf.max(v, 1), x)).toEqual([0, 0.5, 0.5, ...Array(3).fill(Math.fround(1 / 3))]);
    x.dispose();
  });

  test('gradients at kinks are those of torch', async () => {
    const x = tf.tensor1d([0, 6, -1, 7]);
    expect(await gradientOf(tf.relu, x)).toEqual([0, 1, 0, 1]);
    expect(await gradientOf(tf.relu6, x)).toEqual([0, 0, 0, 0]);
    expect(await gradientOf(tf.abs, x)).toEqual([0, 1, -1, 1]);
    expect(await gradientOf((v) => tf.clipByValue(v, 0, 6), x)).toEqual([1, 1, 0, 0]);
    expect(await gradientOf((v) => tf.leakyRelu(v, 0.5), x)).toEqual([0.5, 1, 0.5, 1]);
    expect(await gradientOf((v) => tf.maximum(v, [0, 6, 0, 0]), x)).toEqual([0.5, 0.5, 0, 1]);
    expect(await gradientOf((v) => tf.minimum(6, v), x)).toEqual([1, 0.5, 1, 0]);
    x.dispose();
  });

  test('powers of zero and of negative numbers have no NaN in their gradient', async () => {
    const x = tf.tensor1d([0, 0, -2, 3]);
    const exponents = tf.tensor1d([2, 0, 3, 0]);
    expect(await gradientOf((v) => tf.pow(v, exponents), x)).toEqual([0, 0, 12, 0]);
    const [values] = await Promise.all([gradientOf((e) => tf.pow(x, e), exponents)]);
    expect(values.slice(0, 3).map((v) => v + 0)).toEqual([0, 0, 0]);
    expect(values[3]).toBeCloseTo(Math.log(3), 5);
    tf.dispose([x, exponents]);
  });

  test('a condition that is computed from x, cast, or compared, stops no gradient', async () => {
    const x = tf.tensor1d([-2, 3, 0.5]);
    const chosen = (v: tf.Tensor) =>
      tf.where(tf.logicalAnd(tf.greater(v, 0), tf.less(v, 2)), tf.square(v), tf.mul(v, 5));
    expect(await gradientOf(chosen, x)).toEqual([5, 5, 1]);
    const masked = (v: tf.Tensor) => tf.mul(tf.cast(tf.notEqual(v, 3), 'float32'), v);
    expect(await gradientOf(masked, x)).toEqual([1, 0, 1]);
    const picked = (v: tf.Tensor) => tf.mul(tf.cast(tf.argMax(v), 'float32'), tf.sum(v));
    expect(await gradientOf(picked, x)).toEqual([1, 1, 1]);
    x.dispose();
  });

  test('inputs without a gradient path are left alone, and variables that share a value add up', async () => {
    const weight = tf.variable(tf.tensor1d([2, 3]));
    const { grads, value } = tf.variableGrads(() => tf.sum(tf.add(tf.mul(weight, weight), weight)) as tf.Scalar);
    expect([...(await grads[weight.name]!.data())]).toEqual([5, 7]);
    tf.dispose([grads, value, weight]);
  });

  test('an index outside is an error, not a read of other memory', () => {
    const x = tf.ones([3, 2]);
    const index = tf.tensor1d([0, 3], 'int32');
    expect(() => tf.gather(x, index)).toThrow(name === 'wasm' ? ValueError : Error);
    expect(() => tf.gather(x, index)).toThrow(/3/);
    tf.dispose([x, index]);
  });

  test('channels first says that it cannot be trained, where it can be computed at all', () => {
    const [x, w] = [tf.ones([1, 2, 4, 4]) as tf.Tensor4D, tf.ones([3, 3, 2, 2]) as tf.Tensor4D];
    const train = () => tf.grad((image: tf.Tensor) => tf.conv2d(image as tf.Tensor4D, w, 1, 'same', 'NCHW'))(x);
    expect(train).toThrow(name === 'wasm' ? /channelsLast|channelsFirst/ : /to be 'NHWC'|supports the NHWC/);
    tf.dispose([x, w]);
  });

  test('memory: neither tensors nor bytes are left by a network', () => {
    const x = tf.ones([2, 9, 7, 3]) as tf.Tensor4D;
    const w = tf.variable(tf.ones([3, 3, 3, 4]) as tf.Tensor4D);
    const step = () => {
      const { value, grads } = tf.variableGrads(() => {
        const y = tf.relu6(tf.conv2d(x, w, 2, 'same', 'NHWC'));
        const mean = tf.mean(tf.image.resizeBilinear(tf.maxPool(y, 2, 1, 'same'), [9, 7], true));
        return tf.add(
          mean,
          tf.sum(
            tf.avgPool(
              tf.mirrorPad(
                y,
                [
                  [0, 0],
                  [1, 1],
                  [1, 1],
                  [0, 0],
                ],
                'reflect',
              ),
              3,
              1,
              'same',
            ),
          ),
        ) as tf.Scalar;
      });
      tf.dispose([value, grads]);
    };
    step();
    const { numTensors, numBytes, numDataBuffers } = tf.memory();
    step();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes, numDataBuffers });
    tf.dispose([x, w]);
  });
});

test('complex numbers say that they cannot be trained', () => {
  const [dy, attributes] = [tf.ones([2]), {}];
  expect(() => tf.getGradient('ComplexAbs').gradFunc(dy, [], attributes).x!()).toThrow(ValueError);
  dy.dispose();
});
