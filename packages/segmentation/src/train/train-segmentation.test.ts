import { abs, keep, max, memory, sub, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { hostTensor, ValueError } from '@wsss/core';
import type { CheckpointStore } from '@wsss/train';
import { beforeAll, expect, test } from 'vitest';
import { compactSegmentation } from '../compact-segmentation';
import { deeplabV2 } from '../deeplab-v2';
import { crossEntropy } from '../losses/cross-entropy';
import { generalisedCrossEntropy } from '../losses/generalised-cross-entropy';
import { predict } from '../predict';
import { scene } from '../scenes.fixture';
import type { SegmentationNetwork } from '../segmentation-network';
import { smallBackbone } from '../small-backbone.fixture';
import {
  COMPACT_TRAINING,
  DEEPLAB_LARGE_FOV_TRAINING,
  DEEPLAB_V2_TRAINING,
  DEEPLAB_V3_PLUS_TRAINING,
  RESNET38_TRAINING,
  type SegmentationSchedule,
} from './presets';
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
  const { losses } = await trainSegmentation(network, { ...quick, epochs: 18 });
  expect(memory().numTensors).toBe(before);
  expect(losses).toHaveLength(108);
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

test('a run that is stopped and resumed ends with the same bytes, averages included', async () => {
  const options = { ...quick, steps: 9, frozenUpTo: 'two', ema: 0.9 };
  const parametersOf = async (run: (network: SegmentationNetwork) => Promise<unknown>) => {
    const network = compactSegmentation(smallBackbone(), { classes: 3, ...small });
    await run(network);
    const read = [...network.parameters].map(async ([name, each]) => [name, await each.data()] as const);
    return Object.fromEntries(await Promise.all(read));
  };
  const whole = await parametersOf((network) => trainSegmentation(network, options));
  let bytes: Uint8Array | undefined;
  const store: CheckpointStore = {
    read: async () => bytes,
    write: async (chunks) => {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk.slice());
      bytes = Buffer.concat(parts);
    },
  };
  const checkpoint = { store, every: 2 };
  const stop = new AbortController();
  await parametersOf((network) =>
    expect(
      trainSegmentation(network, {
        ...options,
        checkpoint,
        signal: stop.signal,
        onProgress: ({ step }) => step === 5 && stop.abort(new Error('enough')),
      }),
    ).rejects.toThrow('enough'),
  );
  const resumed = await parametersOf((network) => trainSegmentation(network, { ...options, checkpoint }));
  expect(resumed).toEqual(whole);
  // Called once more, it has nothing left to do, and ends the same.
  expect(await parametersOf((network) => trainSegmentation(network, { ...options, checkpoint }))).toEqual(whole);
  const plain = await parametersOf((network) => trainSegmentation(network, { ...quick, steps: 9, frozenUpTo: 'two' }));
  expect(plain).not.toEqual(whole);
});

test.for([
  DEEPLAB_V2_TRAINING,
  DEEPLAB_LARGE_FOV_TRAINING,
  DEEPLAB_V3_PLUS_TRAINING,
  RESNET38_TRAINING,
  COMPACT_TRAINING,
])('the papers’ settings run: %o', async (preset) => {
  const network = deeplabV2(smallBackbone(), { classes: 3, rates: [1] });
  const { steps: _, epochs: __, ...schedule } = preset as SegmentationSchedule;
  const rates: number[] = [];
  const { losses } = await trainSegmentation(network, {
    ...schedule,
    items: quick.items,
    load: quick.load,
    batchSize: 2,
    steps: 2,
    augmentation: { ...schedule.augmentation, crop: 32 },
    onProgress: ({ learningRate }) => rates.push(learningRate),
  });
  expect(rates[0]).toBe(schedule.learningRate);
  expect(rates[1]).toBeCloseTo(schedule.learningRate * 0.5 ** 0.9, 10);
  expect(losses.every(Number.isFinite)).toBe(true);
});

test('the head learns faster, and with Caffe’s rule biases twice as fast', async () => {
  const moved = async (doubleBiases: boolean) => {
    const network = deeplabV2(smallBackbone(), { classes: 3, rates: [1] });
    const before = Object.fromEntries([...network.parameters].map(([name, each]) => [name, each.arraySync()]));
    await trainSegmentation(network, {
      ...DEEPLAB_V2_TRAINING,
      ...quick,
      optimizer: 'sgd',
      learningRate: 1e-3,
      momentum: 0,
      weightDecay: 0,
      headMultiplier: 5,
      doubleBiases,
      steps: 1,
    });
    const far = (name: string) => {
      const was = tensor(before[name]!);
      return tidy(() => max(abs(sub(network.parameters.get(name)!, was))).arraySync() as number);
    };
    return ['backbone.three.weight', 'backbone.three.bias', 'aspp.c0.weight', 'aspp.c0.bias'].map(far);
  };
  const [alike, double] = [await moved(false), await moved(true)];
  for (const [i, factor] of [1, 2, 1, 2].entries()) expect(double[i]! / alike[i]!).toBeCloseTo(factor, 3);
  expect(Math.min(...alike)).toBeGreaterThan(0);
});

test('other losses can be given', async () => {
  const network = deeplabV2(smallBackbone(), { classes: 3, rates: [1] });
  const labelled: number[] = [];
  const { losses } = await trainSegmentation(network, {
    ...quick,
    steps: 2,
    loss: (logits, labels) => {
      labelled.push(labels.values.filter((label) => label !== 255).length);
      expect(logits.shape).toEqual([4, 40, 40, 3]);
      return generalisedCrossEntropy(logits, labels);
    },
  });
  expect(losses).toHaveLength(2);
  for (const count of labelled) expect(count).toBeGreaterThan(4 * 40 * 40 * 0.7);
});

test('at several scales, the loss is that of each and of the largest scores', async () => {
  const network = deeplabV2(smallBackbone(), { classes: 3, rates: [1] });
  const seen: number[][] = [];
  const values: number[] = [];
  const scores: Tensor[] = [];
  const { losses } = await trainSegmentation(network, {
    ...quick,
    steps: 1,
    optimizer: 'sgd',
    lossScales: [0.5, 0.75, 1],
    loss: (logits, labels) => {
      seen.push(logits.shape);
      scores.push(keep(logits.clone()));
      const loss = crossEntropy(logits, labels);
      values.push(loss.dataSync()[0]!);
      return loss;
    },
  });
  expect(seen).toEqual([1, 2, 3, 4].map(() => [4, 40, 40, 3]));
  expect(losses[0]).toBeCloseTo(values[0]! + values[1]! + values[2]! + values[3]!, 4);
  const [half, most, whole, largest] = scores.map((each) => each.dataSync());
  expect([...largest!]).toEqual([...half!].map((value, i) => Math.max(value, most![i]!, whole![i]!)));
  expect([...half!]).not.toEqual([...whole!]);
  for (const each of scores) each.dispose();
});

test('what is learned at several scales is found at one', async () => {
  const backbone = smallBackbone();
  const network = compactSegmentation(backbone, { classes: 3, ...small });
  const before = memory().numTensors;
  const { losses } = await trainSegmentation(network, { ...quick, epochs: 14, lossScales: [0.6, 1] });
  expect(memory().numTensors).toBe(before);
  expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
  expect(await accuracy(network)).toBeGreaterThan(0.9);
});

test('refuses what it cannot do', async () => {
  const network = compactSegmentation(smallBackbone(), { classes: 2, ...small });
  const options = { ...quick, epochs: 1 };
  await expect(trainSegmentation(network, options)).rejects.toThrow('too few `classes`');
  await expect(trainSegmentation(network, { ...options, steps: 3 })).rejects.toThrow('left out');
  await expect(trainSegmentation(network, { ...options, frozenUpTo: 'four' })).rejects.toThrow('one, two, three');
  await expect(trainSegmentation(network, { ...options, optimizer: 'adam' as 'sgd' })).rejects.toThrow(ValueError);
  for (const lossScales of [[], [1], [0, 1], [0.5, Number.NaN]]) {
    await expect(trainSegmentation(network, { ...options, lossScales })).rejects.toThrow('two or more positive');
  }
  const both = { ...options, lossScales: [0.5, 1], frozenUpTo: 'two' };
  await expect(trainSegmentation(network, both)).rejects.toThrow('`frozenUpTo`');
  const other = async () => ({ image: scene(1).image, labels: hostTensor(new Uint8Array(9), [3, 3]) });
  await expect(trainSegmentation(network, { ...options, load: other })).rejects.toThrow('labels');
});
