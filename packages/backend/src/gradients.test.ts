import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import './gradients';
import { useBackend } from './use-backend';

describe.each(['wasm', 'cpu'] as const)('%s', (name) => {
  afterEach(() => tf.disposeVariables());

  test('a small convolutional network learns', async () => {
    expect(await useBackend(name)).toMatchObject({ name, trainable: true });
    const images = tf.randomNormal([8, 17, 15, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
    const targets = tf.randomUniform([8, 4], 0, 1, 'float32', 2);
    const filter = (seed: number, ...shape: [number, number, number, number]) =>
      tf.variable<tf.Rank.R4>(tf.randomNormal<tf.Rank.R4>(shape, 0, 0.3, 'float32', seed));
    const [stem, depthwise, dilated] = [filter(3, 3, 3, 3, 8), filter(4, 3, 3, 8, 1), filter(5, 3, 3, 8, 12)];
    const dense = tf.variable<tf.Rank.R2>(tf.randomNormal<tf.Rank.R2>([12, 4], 0, 0.3, 'float32', 9));
    const optimizer = tf.train.momentum(0.2, 0.9);
    const step = () =>
      optimizer.minimize(() => {
        const first = tf.relu6(tf.conv2d(images, stem, 2, 'same'));
        const second = tf.relu(tf.depthwiseConv2d(first, depthwise, 1, 'same', 'NHWC', 2));
        const third = tf.relu(tf.conv2d(tf.maxPool(second, 3, 2, 'same'), dilated, 1, 'same', 'NHWC', 2));
        const out = tf.sigmoid(tf.matMul(tf.mean(third, [1, 2]) as tf.Tensor2D, dense));
        return tf.mean(tf.squaredDifference(out, targets)) as tf.Scalar;
      }, true)!;
    const losses: number[] = [];
    const before = () => tf.memory().numTensors;
    step().dispose();
    const tensors = before();
    for (let i = 0; i < 25; i++) {
      const loss = step();
      losses.push((await loss.data())[0]!);
      loss.dispose();
    }
    expect(before()).toBe(tensors);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.8);
    optimizer.dispose();
    tf.dispose([images, targets]);
  });
});
