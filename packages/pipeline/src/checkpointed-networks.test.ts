import { mean, memory, type Scalar, square, type Tensor4D, tensor, variableGrads } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { random } from '@wsss/core';
import { mobilenetV2, type Network } from '@wsss/networks';
import { expect, test } from 'vitest';

/** Loss, gradients and moved statistics of one pass in training, and what was told of. */
async function pass(network: Network) {
  const stream = random(5);
  const images = tensor(
    Float32Array.from({ length: 2 * 32 * 32 * 3 }, () => stream.normal()),
    [2, 32, 32, 3],
  ) as Tensor4D;
  const told: string[] = [];
  const before = memory().numTensors;
  const trained = [...network.parameters].filter(([, { trainable }]) => trainable);
  const { value, grads } = variableGrads(
    () =>
      mean(square(network.logits(images, { training: true, seed: 3, onLayer: (name) => told.push(name) }))) as Scalar,
    trained.map(([, each]) => each),
  );
  expect(memory().numTensors).toBe(before + 1 + trained.length);
  const gradients: Record<string, unknown> = {};
  for (const [name, each] of trained) {
    gradients[name] = await grads[each.name]!.data();
    grads[each.name]!.dispose();
  }
  const statistics: Record<string, unknown> = {};
  for (const [name, each] of network.parameters) if (!each.trainable) statistics[name] = await each.data();
  const loss = await value.data();
  value.dispose();
  images.dispose();
  return { loss, gradients, statistics, told };
}

test('checkpointed blocks: the same loss, gradients and statistics, bit for bit, told of once', async () => {
  await useBackend('wasm');
  const options = { widthMultiplier: 0.1, classes: 3, batchNorm: 'batch', seed: 1 } as const;
  const [plain, blocks] = [mobilenetV2(options), mobilenetV2({ ...options, checkpoint: true })];
  const [wanted, got] = [await pass(plain), await pass(blocks)];
  expect(got).toEqual(wanted);
  expect(new Set(got.told).size).toBe(got.told.length);
  // Statistics moved, and by the batch once.
  expect(got.statistics['features.0.1.running_mean']).not.toEqual(new Float32Array(8));
  plain.dispose();
  blocks.dispose();
});
