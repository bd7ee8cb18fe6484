import * as tf from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, trainedBatchNorm } from '@wsss/core/layers';
import { checkpoint, l2Normalize, maxFirst, resizeBilinear, resizeNearest, stopGradient } from '@wsss/core/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS, testOperations } from '../test-support';
import { useBackend } from '../use-backend';
import { type Array64, at, broadcastAt, distinct, normal, tabulate } from '../verify/array64';
import { reduce } from '../verify/cases/reductions';
import { operationCase } from '../verify/operation-case';
import { conv2d as conv64 } from '../verify/reference/conv2d';
import { resizeBilinear as bilinear64, resizeNearest as nearest64 } from '../verify/reference/resize';

// Operations of @wsss/core, which may not depend on this package: here their gradients are compared with float64.

const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const norm = (values: number[]) => Math.hypot(...values);

/** Normalises over axes, then scales and shifts each channel. */
function normalised(x: Array64, axes: readonly number[], gamma: Array64, beta: Array64): Array64 {
  const average = reduce(x, axes, true, mean);
  const centred = tabulate(x.shape, (index) => at(x, index) - broadcastAt(average, index));
  const variance = reduce(centred, axes, true, (values) => mean(values.map((v) => v * v)));
  return tabulate(
    x.shape,
    (index) =>
      (at(centred, index) / Math.sqrt(broadcastAt(variance, index) + 1e-5)) * broadcastAt(gamma, index) +
      broadcastAt(beta, index),
  );
}

const flat = (x: Array64, shape: readonly number[]): Array64 => ({ shape, values: x.values });

testOperations([
  operationCase(
    'l2Normalize',
    'last axis',
    [[3, 4, 5]],
    (x) => l2Normalize(x),
    (x) => {
      const length = reduce(x, [2], true, norm);
      return tabulate(x.shape, (index) => at(x, index) / broadcastAt(length, index));
    },
  ),
  operationCase(
    'l2Normalize',
    'axis 1, sum',
    [[3, 4, 2]],
    (x) => l2Normalize(x, { axis: 1, epsilon: 0.5, denominator: 'sum' }),
    (x) => {
      const length = reduce(x, [1], true, norm);
      return tabulate(x.shape, (index) => at(x, index) / (broadcastAt(length, index) + 0.5));
    },
  ),
  ...[[2], [0, 1]].map((axes) =>
    operationCase(
      'maxFirst',
      `axes ${axes}`,
      [{ shape: [3, 4, 5], draw: distinct(-2) }],
      (x) => maxFirst(x, axes),
      (x) => reduce(x, axes, false, (values) => Math.max(...values)),
    ),
  ),
  ...(
    [
      [9, 4],
      [3, 11],
      [1, 1],
    ] as [number, number][]
  ).flatMap((size) => [
    ...[true, false].map((alignCorners) =>
      operationCase(
        'resizeBilinear of core',
        `${size}${alignCorners ? ', corners' : ''}`,
        [[2, 5, 7, 3]],
        (x) => resizeBilinear(x as tf.Tensor4D, size, { alignCorners }),
        (x) => bilinear64(x, size, alignCorners ? 'corners' : 'centers'),
      ),
    ),
    operationCase(
      'resizeNearest of core',
      `${size}`,
      [[3, 5, 7, 2]],
      (x) => resizeNearest(x as tf.Tensor4D, size),
      (x) => nearest64(x, size, 'legacy'),
    ),
  ]),
  operationCase(
    'groupNorm',
    '2 groups of 3',
    [[2, 3, 4, 6], [6], [6]],
    (x, weight, bias) => groupNorm(x, { groups: 2, weight, bias }),
    (x, weight, bias) => {
      const [gamma, beta] = [flat(weight!, [2, 3]), flat(bias!, [2, 3])];
      return flat(normalised(flat(x, [2, 3, 4, 2, 3]), [1, 2, 4], gamma, beta), x.shape);
    },
  ),
  operationCase(
    'trainedBatchNorm',
    '[3, 4, 5, 2]',
    [[3, 4, 5, 2], [2], [2]],
    (x, weight, bias) => {
      const [runningMean, runningVar] = [tf.variable(tf.zeros([2])), tf.variable(tf.ones([2]))];
      const y = trainedBatchNorm(x, { weight, bias, runningMean, runningVar }, { update: false });
      tf.dispose([runningMean, runningVar]);
      return y;
    },
    (x, weight, bias) => normalised(x, [0, 1, 2], weight!, bias!),
  ),
  ...[1, 2].map((stride) =>
    operationCase(
      'conv2d of core',
      `2 groups, stride ${stride}`,
      [[2, 7, 6, 4], [3, 3, 2, 6], [6]],
      (x, filter, bias) => conv2d(x, filter, { groups: 2, stride, padding: 1, bias }),
      (x, filter, bias) => {
        const part = (array: Array64, from: number, count: number) =>
          tabulate([...array.shape.slice(0, -1), count], (i) => at(array, [...i.slice(0, -1), i.at(-1)! + from]));
        const halves = [0, 1].map((g) =>
          conv64(part(x, 2 * g, 2), part(filter, 3 * g, 3), { strides: stride, pad: 1 }),
        );
        return tabulate([...halves[0]!.shape.slice(0, 3), 6], (i) => {
          const channel = i[3]!;
          return at(halves[Math.floor(channel / 3)]!, [...i.slice(0, 3), channel % 3]) + at(bias!, [channel]);
        });
      },
    ),
  ),
  operationCase(
    'stopGradient',
    'of one factor',
    [{ shape: [6], draw: normal }, [6]],
    (x, y) => tf.add(tf.mul(x, y), stopGradient(tf.mul(0, x))),
    (x, y) => tabulate([6], ([i]) => at(x, [i!]) * at(y, [i!])),
  ),
  operationCase(
    'checkpoint',
    'of a convolution and its activation',
    [
      [1, 5, 4, 2],
      [3, 3, 2, 3],
    ],
    (x, filter) =>
      checkpoint((image: tf.Tensor, w: tf.Tensor) =>
        tf.square(tf.conv2d(image as tf.Tensor4D, w as tf.Tensor4D, 1, 'same')),
      )(x, filter),
    (x, filter) => {
      const y = conv64(x, filter, { pad: 'same' });
      return { shape: y.shape, values: y.values.map((v) => v * v) };
    },
  ),
]);

describe.each(BACKENDS)('on %s', (name) => {
  beforeAll(async () => {
    await useBackend(name);
  });

  test('a vector of zeros has no NaN in its gradient', async () => {
    const x = tf.tensor2d([0, 0, 0, 3, 0, 4], [2, 3]);
    const dx = tf.grad((v: tf.Tensor) => l2Normalize(v))(x, tf.ones([2, 3]));
    const values = [...(await dx.data())];
    expect(values.map(Number.isFinite)).toEqual(Array(6).fill(true));
    tf.dispose([x, dx]);
  });

  test('equal maxima: the first alone has the gradient', async () => {
    const x = tf.tensor2d([1, 5, 5, 5, 2, 5], [2, 3]);
    const along = tf.grad((v: tf.Tensor) => maxFirst(v, 1))(x);
    const all = tf.grad((v: tf.Tensor) => maxFirst(v, [0, 1]))(x);
    expect([...(await along.data())]).toEqual([0, 1, 0, 1, 0, 0]);
    expect([...(await all.data())]).toEqual([0, 1, 0, 0, 0, 0]);
    tf.dispose([x, along, all]);
  });

  test('nothing passes stopGradient', async () => {
    const x = tf.tensor1d([1, 2]);
    const dx = tf.grad((v: tf.Tensor) => tf.add(tf.square(stopGradient(v)), v))(x);
    expect([...(await dx.data())]).toEqual([1, 1]);
    tf.dispose([x, dx]);
  });
});
