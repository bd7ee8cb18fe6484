import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { hostTensor, random } from '@wsss/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise } from '../scene.fixture';
import { SipeNet } from '../sipe-net';
import { smallBackbone } from '../small-backbone.fixture';
import { sipeLoss, sipeOptimizer, type TrainSipeOptions, trainSipe } from './index';

let folder = '';
beforeAll(async () => {
  await setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'sipe-'));
});
afterAll(() => rm(folder, { recursive: true }));

const sides = { early: 4, middle: 6, late: 8 };

/** Photos of 24 × 20 pixels: class 1 has a red square, class 2 a blue one, some have both. */
const photos = Array.from({ length: 8 }, (_, i) => {
  const draw = random(i);
  const image = hostTensor(
    Uint8Array.from({ length: 24 * 20 * 3 }, () => draw.integer(40, 80)),
    [24, 20, 3],
  );
  const labels = [[1], [2], [1, 2], [2]][i % 4]!;
  for (const label of labels) {
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) image.values[((label * 8 + y) * 20 + x + i) * 3 + (label - 1) * 2] = 255;
  }
  return { image, labels };
});

const options: TrainSipeOptions<(typeof photos)[number]> = {
  items: photos,
  batchSize: 4,
  epochs: 4,
  learningRate: 0.05,
  augmentation: { longSide: [18, 24], flip: 0.5, crop: 20 },
  seed: 2,
};

async function trained(more: Partial<typeof options> = {}) {
  const backbone = smallBackbone({ frozen: true });
  const network = new SipeNet(backbone, { classes: 2, sides });
  const history = await trainSipe(network, { ...options, ...more });
  const values = new Map<string, number[]>();
  for (const [name, variable] of network.parameters) values.set(name, [...(await variable.data())]);
  network.dispose();
  backbone.dispose();
  return { history, values };
}

test('learns from labels, term by term, and leaves what is frozen as it was', async () => {
  const before = memory().numTensors;
  const { history, values } = await trained();
  expect(memory().numTensors).toBe(before);
  expect(history.steps).toBe(8);
  const [first, last] = [history.epochs[0]!, history.epochs.at(-1)!];
  expect(Object.keys(first.terms)).toEqual(['classification', 'consistency']);
  expect(first.loss).toBeCloseTo(first.terms.classification! + first.terms.consistency!, 5);
  expect(last.loss).toBeLessThan(first.loss);
  const untouched = smallBackbone({ frozen: true });
  expect(values.get('early.weight')).toEqual([...untouched.parameters.get('early.weight')!.dataSync()]);
  expect(values.get('late.weight')).not.toEqual([...untouched.parameters.get('late.weight')!.dataSync()]);
  untouched.dispose();
});

test('a run that was stopped ends with the same bytes', async () => {
  const whole = await trained();
  const stop = new AbortController();
  const checkpoint = { directory: join(folder, 'run'), every: 1 };
  const stopped = trained({
    checkpoint,
    signal: stop.signal,
    onProgress: ({ step }) => {
      if (step === 3) stop.abort(new Error('enough'));
    },
  });
  await expect(stopped).rejects.toThrow('enough');
  const resumed = await trained({ checkpoint });
  expect(resumed.values).toEqual(whole.values);
  expect(resumed.history.losses).toEqual(whole.history.losses);
});

test('images of a batch have their own labels and padding, and do not see each other', async () => {
  const backbone = smallBackbone();
  const network = new SipeNet(backbone, { classes: 2, sides });
  const images = noise([2, 16, 16, 3], 1);
  const boxes = [
    { top: 0, left: 0, height: 16, width: 16 },
    { top: 4, left: 0, height: 8, width: 12 },
  ];
  const labels = [1, 0, 0, 0];
  const at = async (from: number, to: number) => {
    const size = images.values.length / 2;
    const part = hostTensor(images.values.slice(from * size, to * size), [to - from, 16, 16, 3]);
    const batch = {
      images: part,
      labels: hostTensor(Float32Array.from(labels.slice(2 * from, 2 * to)), [to - from, 2]),
      boxes: boxes.slice(from, to),
    };
    let cam: number[] = [];
    const before = memory().numTensors;
    const losses = sipeLoss(network, batch, {
      onExploration: (_, explored) => {
        cam = [...explored.cam.dataSync()];
      },
    });
    expect(memory().numTensors).toBe(before + 2);
    const terms = [(await losses.classification.data())[0]!, (await losses.consistency.data())[0]!];
    for (const term of Object.values(losses)) term.dispose();
    return { cam, terms };
  };
  const [both, one, two] = [await at(0, 2), await at(0, 1), await at(1, 2)];
  // The mean of the images, in each term.
  for (const i of [0, 1]) expect(both.terms[i]).toBeCloseTo((one.terms[i]! + two.terms[i]!) / 2, 5);
  // The second image shows none of the classes, and only cells 1 and 2 of 4 rows, 0 to 2 of 4 columns.
  const shown = two.cam.map((value, i) => ({ value, channel: i % 3, y: Math.floor(i / 12), x: Math.floor(i / 3) % 4 }));
  for (const { value, channel, y, x } of shown) {
    if (channel > 0 || y < 1 || y > 2 || x > 2) expect(value).toBe(0);
  }
  expect(shown.some(({ value, channel }) => channel === 0 && value > 0)).toBe(true);
  network.dispose();
  backbone.dispose();
});

test('the optimiser takes new layers ten times as fast, with the momentum of the released code or one asked for', () => {
  const backbone = smallBackbone();
  const network = new SipeNet(backbone, { classes: 2, sides });
  const optimizer = sipeOptimizer(network, { maxSteps: 10 });
  expect(optimizer.learningRate).toBe(0.1);
  expect([...optimizer.parameters.keys()].sort()).toEqual([...network.parameters.keys()].sort());
  expect(() => sipeOptimizer(network, { maxSteps: 10, momentum: -1 })).toThrow(/momentum/);
  optimizer.dispose();
  network.dispose();
  backbone.dispose();
});

test('refuses labels and batches that do not fit', async () => {
  await expect(trained({ items: [{ ...photos[0]!, labels: [3] }, ...photos.slice(1, 4)] })).rejects.toThrow(
    /class indices 1..2/,
  );
  await expect(trained({ items: photos.slice(0, 3) })).rejects.toThrow(/batch of 4/);
  await expect(trained({ augmentation: { longSide: [20, 28] } })).rejects.toThrow(/images of one size/);
  const backbone = smallBackbone();
  const network = new SipeNet(backbone, { classes: 2, sides });
  const labels = hostTensor(new Float32Array(4), [2, 2]);
  const images = noise([2, 16, 16, 3], 1);
  expect(() => sipeLoss(network, { images: noise([1, 16, 16, 3], 1), labels })).toThrow(/`labels`/);
  expect(() => sipeLoss(network, { images, labels, boxes: [] })).toThrow(/one for each of 2 images/);
  expect(() => sipeLoss(network, { images, labels }, { consistencyWeight: -1 })).toThrow(/consistencyWeight/);
  network.dispose();
  backbone.dispose();
});
