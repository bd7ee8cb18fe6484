import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { checkpoint } from '@wsss/core/tensor';
import { beforeAll, expect, test } from 'vitest';
import '../gradients';
import { useBackend } from '../use-backend';

const STEPS = 1000;
/** The engine's young generation grows to its full size (about 20 MiB) in this time, and then no more. */
const WARM_UP = 1500;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

beforeAll(async () => {
  await useBackend('wasm');
});

/** Convolutions, strided, dilated and depthwise; batch norm on the batch; both pools; a resize; a checkpointed block. */
function network() {
  const filter = (shape: [number, number, number, number], seed: number) =>
    tf.variable<tf.Rank.R4>(tf.randomNormal<tf.Rank.R4>(shape, 0, 0.3, 'float32', seed));
  const [stem, depthwise, pointwise, dilated] = [
    filter([3, 3, 3, 12], 1),
    filter([3, 3, 12, 1], 2),
    filter([1, 1, 12, 16], 3),
    filter([3, 3, 16, 16], 4),
  ];
  const [scale, offset] = [tf.variable(tf.ones<tf.Rank.R1>([12])), tf.variable(tf.zeros<tf.Rank.R1>([12]))];
  const dense = tf.variable<tf.Rank.R2>(tf.randomNormal<tf.Rank.R2>([16, 4], 0, 0.3, 'float32', 5));
  const forward = (images: tf.Tensor4D): tf.Tensor2D => {
    const first = tf.conv2d(images, stem, 2, 'same');
    const { mean, variance } = tf.moments(first, [0, 1, 2]);
    const normal = tf.relu6(
      tf.batchNorm(first, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D),
    );
    const second = tf.conv2d(
      tf.depthwiseConv2d(normal as tf.Tensor4D, depthwise, 1, 'same', 'NHWC', 2),
      pointwise,
      1,
      'valid',
    );
    const third = checkpoint((x: tf.Tensor4D) =>
      tf.conv2d(tf.relu(tf.maxPool(x, 3, 2, 'same')), dilated, 1, 'same', 'NHWC', 2),
    )(second);
    const sum = tf.add<tf.Tensor4D>(third, tf.image.resizeBilinear(second, [6, 7], true));
    const pooled = tf.avgPool(tf.relu(sum), 2, 2, 'same');
    return tf.matMul(tf.mean(pooled, [1, 2]) as tf.Tensor2D, dense);
  };
  return forward;
}

test(`${STEPS} steps on wasm: no growth in tensors, bytes, heap or resident memory, and it learns`, async () => {
  const forward = network();
  const images = tf.randomNormal([4, 23, 25, 3], 0, 1, 'float32', 6) as tf.Tensor4D;
  const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 3], 'int32'), 4);
  const optimizer = tf.train.momentum(0.02, 0.9);
  const step = async () => {
    const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, forward(images)) as tf.Scalar, true)!;
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
  const heap = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;
  // Twice: what has a finaliser goes at the second time.
  const resident = () => {
    collectGarbage();
    collectGarbage();
    return process.memoryUsage().rss / 2 ** 20;
  };

  const first = await step();
  for (let i = 1; i < WARM_UP; i++) await step();
  const before = { ...tf.memory(), heap: heap() };
  const residentBefore = resident();
  let last = first;
  for (let i = 0; i < STEPS; i++) last = await step();

  const { numTensors, numBytes, numDataBuffers } = before;
  expect(tf.memory()).toMatchObject({ numTensors, numBytes, numDataBuffers });
  expect(heap()).toBe(before.heap);
  // The output of the third layer left behind at each step would make 10 MiB.
  expect(resident() - residentBefore).toBeLessThan(8);
  expect(last).toBeLessThan(first / 10);
  tf.dispose([images, labels]);
  optimizer.dispose();
  tf.disposeVariables();
});
