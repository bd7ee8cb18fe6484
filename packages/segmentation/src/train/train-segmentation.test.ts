import { memory } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { hostTensor, ValueError } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { compactSegmentation } from '../compact-segmentation';
import { predict } from '../predict';
import { scene } from '../scenes.fixture';
import { smallBackbone } from '../small-backbone.fixture';
import { trainSegmentation } from './train-segmentation';

beforeAll(async () => void (await useBackend('wasm')));

const small = { width: 16, groups: 4, hidden: 16, dilations: [1, 2] } as const;
const quick = {
  items: Array.from({ length: 24 }, (_, i) => i),
  load: (seed: number) => scene(seed),
  batchSize: 4,
  learningRate: 4e-3,
  headMultiplier: 2,
  augmentation: { scale: [0.8, 1.2], flip: 0.5, crop: 40 },
} as const;

const accuracy = async (network: Parameters<typeof predict>[0]) => {
  let [right, all] = [0, 0];
  for (let seed = 100; seed < 106; seed++) {
    const { image, labels } = scene(seed);
    const found = await predict(network, image, { output: 'labels' });
    for (const [i, label] of labels.values.entries()) {
      if (label === 255) continue;
      all++;
      if (found.values[i] === label) right++;
    }
  }
  return right / all;
};

test('learns discs and squares, and finds them in scenes that it has not seen', async () => {
  const backbone = smallBackbone();
  const network = compactSegmentation(backbone, { classes: 3, ...small });
  const before = memory().numTensors;
  const { losses } = await trainSegmentation(network, { ...quick, epochs: 30 });
  expect(memory().numTensors).toBe(before);
  expect(losses).toHaveLength(180);
  expect(losses.at(-1)!).toBeLessThan(0.35 * losses[0]!);
  expect(await accuracy(network)).toBeGreaterThan(0.94);
});

test('a frozen part gives the same losses as the same part run as a whole, and does not move', async () => {
  const run = async (frozenUpTo?: string) => {
    const backbone = smallBackbone();
    for (const name of ['one.weight', 'one.bias', 'two.weight', 'two.bias']) {
      backbone.parameters.get(name)!.trainable = false;
    }
    const network = compactSegmentation(backbone, { classes: 3, ...small });
    const { losses } = await trainSegmentation(network, { ...quick, steps: 4, ...(frozenUpTo && { frozenUpTo }) });
    return { losses, two: await backbone.parameters.get('two.weight')!.data() };
  };
  const [whole, split] = [await run(), await run('two')];
  for (const [i, loss] of whole.losses.entries()) expect(split.losses[i]).toBeCloseTo(loss, 5);
  expect(split.two).toEqual(await smallBackbone().parameters.get('two.weight')!.data());
});

test('refuses what it cannot do', async () => {
  const network = compactSegmentation(smallBackbone(), { classes: 2, ...small });
  const options = { ...quick, epochs: 1 };
  await expect(trainSegmentation(network, options)).rejects.toThrow('too few `classes`');
  await expect(trainSegmentation(network, { ...options, frozenUpTo: 'four' })).rejects.toThrow('one, two, three');
  await expect(trainSegmentation(network, { ...options, optimizer: 'adam' as 'sgd' })).rejects.toThrow(ValueError);
  const other = async () => ({ image: scene(1).image, labels: hostTensor(new Uint8Array(9), [3, 3]) });
  await expect(trainSegmentation(network, { ...options, load: other })).rejects.toThrow('labels');
});
