import '@tensorflow/tfjs-backend-wasm';
import '@wsss/backend/gradients';
import {
  conv2d,
  maxPool,
  mean,
  memory,
  ready,
  relu,
  setBackend,
  type Tensor4D,
  tensor,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { hostTensor, random } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import { expect, test } from 'vitest';
import { multilabelSoftMarginLoss } from '../losses/multilabel-soft-margin-loss';
import { ema } from '../optimizers/ema';
import { polySgd } from '../optimizers/poly-sgd';
import { fit } from './fit';

test('1,000 steps on wasm: no growth in tensors, bytes or resident memory', async () => {
  await setBackend('wasm');
  await ready();
  const stream = random(1);
  const numbers = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * stream.normal());
  const shapes = { conv1: [3, 3, 3, 16], conv2: [3, 3, 16, 32], fc: [1, 1, 32, 4] };
  const parameters = new Map<string, Variable>();
  for (const [name, shape] of Object.entries(shapes)) {
    const size = shape.reduce((product, n) => product * n, 1);
    parameters.set(
      name,
      tidy(() => variable(tensor(numbers(size, 0.2), shape))),
    );
  }
  const weight = (name: string) => parameters.get(name) as unknown as Tensor4D;
  const data = Array.from({ length: 8 }, () => ({
    images: hostTensor(numbers(4 * 32 * 32 * 3, 1), [4, 32, 32, 3]),
    labels: hostTensor(
      Uint8Array.from({ length: 16 }, () => stream.integer(0, 1)),
      [4, 4],
    ),
  }));
  const seen: { tensors: number; bytes: number; resident: number }[] = [];
  await fit({
    data,
    loss: ({ images, labels }) => {
      const x = relu(conv2d(asTensor(images) as Tensor4D, weight('conv1'), 1, 'same'));
      const y = relu(conv2d(maxPool(x, 3, 2, 'same'), weight('conv2'), 1, 'same', 'NHWC', 2));
      return { classification: multilabelSoftMarginLoss(mean(conv2d(y, weight('fc'), 1, 'valid'), [1, 2]), labels) };
    },
    optimizer: polySgd({ parameters, learningRate: 0.01, maxSteps: 1200, weightDecay: 5e-4 }),
    ema: ema(parameters, 0.99),
    clip: 1,
    accumulate: 2,
    steps: 1200,
    onProgress: ({ step }) => {
      if (step % 100 !== 0) return;
      const { numTensors, numBytes } = memory();
      seen.push({ tensors: numTensors, bytes: numBytes, resident: process.memoryUsage().rss / 2 ** 20 });
    },
  });
  console.log(seen.map(({ tensors, bytes, resident }) => `${tensors} ${bytes} ${resident.toFixed(1)} MiB`).join('\n'));
  // The first 200 steps warm up: compiled code, the heap of the backend.
  const [warm, ...rest] = seen.slice(1);
  expect(rest).toHaveLength(10);
  for (const { tensors, bytes } of rest) expect([tensors, bytes]).toEqual([warm!.tensors, warm!.bytes]);
  // A leak of one of the smaller tensors of a step (8 KiB) would be 8 MiB; the collector alone moves it by a few.
  const least = (records: typeof seen) => Math.min(...records.map(({ resident }) => resident));
  expect(least(seen.slice(-4)) - least(seen.slice(1, 5))).toBeLessThan(8);
});
