import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { FormatError, type HostTensor, hostTensor, random } from '@wsss/core';
import { encodePng, readMask, writeMask } from '@wsss/datasets';
import { saveBytes, writeSafetensors } from '@wsss/formats';
import { type MobilenetV2Options, mobilenetV2, stateDict } from '@wsss/networks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scene, CLASSES as THINGS } from '../quickstart/scenes/scene';
import { runVoc } from './run-voc';
import { CLASSES, SETTINGS, VOC_INDICES } from './settings';

// Drawn scenes in the place of photos: the i-th thing stands for the i-th class, but where `OTHER` says for none.
const SIZE = 64;
const OTHER = { name: 'car', index: 7, photos: ['val-1', 'train-2'] };
const settings = {
  ...SETTINGS,
  passes: 1,
  augmentation: { ...SETTINGS.augmentation, longSide: [48, 80] as const, crop: 64 },
  epochs: 20,
  learningRate: 0.003,
  scoreSide: SIZE,
};

let data = '';
let weights = '';
const ids = {
  train: ['train-0', 'train-1', 'train-2', 'train-3', 'train-4', 'train-5'],
  val: ['val-0', 'val-1', 'val-2'],
};

beforeAll(async () => {
  await useBackend('wasm');
  data = await mkdtemp(join(tmpdir(), 'voc-'));
  const labels: Record<string, string[]> = {};
  await mkdir(join(data, 'images'));
  for (const [split, list] of Object.entries(ids)) {
    await writeFile(join(data, `${split}.txt`), list.join('\n'));
    for (const id of list) {
      const drawn = scene(random(5).fork(id), { id, size: SIZE });
      const other = OTHER.photos.includes(id);
      labels[id] = other ? [OTHER.name] : drawn.labels.map((name) => CLASSES[THINGS.indexOf(name)]!);
      const toVoc = (index: number) => (index === 0 ? 0 : other ? OTHER.index : VOC_INDICES[index - 1]!);
      await writeFile(join(data, 'images', `${id}.png`), await encodePng(drawn.image));
      await writeMask(join(data, 'masks', `${id}.png`), hostTensor(drawn.mask.values.map(toVoc), drawn.mask.shape));
    }
  }
  await writeFile(join(data, 'labels.json'), JSON.stringify(labels));
  weights = join(data, 'weights.safetensors');
  await saveBytes(weights, await randomWeights({ seed: 1 }));
});

/** A network that was never trained, its filters scaled so that its features neither vanish nor explode. */
async function randomWeights(options: MobilenetV2Options): Promise<Uint8Array> {
  const network = mobilenetV2(options);
  const scaled = new Map<string, HostTensor>();
  for (const [name, tensor] of await stateDict(network)) {
    const { shape } = tensor;
    const gain = shape.length === 4 ? Math.sqrt(shape[0]! / shape[1]!) : 1;
    scaled.set(
      name,
      hostTensor(
        Float32Array.from(await tensor.data(), (value) => gain * Number(value)),
        shape,
      ),
    );
  }
  network.dispose();
  return writeSafetensors(scaled);
}

afterAll(() => rm(data, { recursive: true }));

test('trains, makes and scores a mask of every photo, with or without one of the classes', async () => {
  const out = join(data, 'out');
  const { path, run } = await runVoc({ data, weights, out }, settings);
  expect(memory().numTensors).toBe(0);
  expect(run.history.epochs.at(-1)!.loss).toBeLessThan(run.history.epochs[0]!.loss);
  expect(run.train.ids).toEqual(ids.train);
  expect(run.masks.withoutClass).toBe(1);
  expect(run.best.meanIou).toBe(Math.max(...run.curve.map(({ meanIou }) => meanIou)));
  expect(run.masks.seconds.all).toBeGreaterThan(run.masks.seconds.cam);

  // Counted: every pixel but those of other classes.
  const expected = new Uint32Array(CLASSES.length + 1);
  for (const id of ids.val) {
    for (const index of (await readMask(join(data, 'masks', `${id}.png`))).values) {
      if (index === 0) expected[0]!++;
      else if (VOC_INDICES.includes(index)) expected[VOC_INDICES.indexOf(index) + 1]!++;
    }
  }
  for (const matrix of [run.masks.matrix, run.isCam.val.matrix]) {
    expect(matrix.classCounts().map(({ target }) => target)).toEqual([...expected]);
  }

  expect((await readdir(join(out, 'masks'))).sort()).toEqual(ids.val.map((id) => `${id}.png`).sort());
  const labels = JSON.parse(await readFile(join(data, 'labels.json'), 'utf8')) as Record<string, string[]>;
  for (const id of ids.val) {
    const allowed = [0, ...labels[id]!.map((name) => VOC_INDICES[CLASSES.indexOf(name as 'cat')])];
    for (const index of new Set((await readMask(join(out, 'masks', `${id}.png`))).values)) {
      expect(allowed).toContain(index);
    }
  }
  expect(path).toBe(join(out, 'report.html'));
  expect(await readFile(path, 'utf8')).toContain('val-1');
});

test('takes the first photos of each split', async () => {
  const { run } = await runVoc({ data, weights, out: join(data, 'few') }, { ...settings, limit: 2 });
  expect(run.train.ids).toEqual(ids.train.slice(0, 2));
  expect(run.val.ids).toEqual(ids.val.slice(0, 2));
  expect(await readFile(join(data, 'few', 'report.html'), 'utf8')).toContain('limited to 2 photos of each split');
});

test('names a file that is not what it should be, and leaves no tensor behind', async () => {
  const out = join(data, 'never');
  const list = join(data, 'train.txt');
  await expect(runVoc({ data, weights: list, out }, settings)).rejects.toThrow(list);

  const narrow = join(data, 'narrow.safetensors');
  await saveBytes(narrow, await randomWeights({ seed: 1, widthMultiplier: 0.5 }));
  await expect(runVoc({ data, weights: narrow, out }, settings)).rejects.toThrow(FormatError);

  const mask = join(data, 'masks', 'val-0.png');
  await rm(mask);
  const broken = runVoc({ data, weights, out }, settings);
  await expect(broken).rejects.toThrow(`${mask}: expected a mask for every photo, got none.`);
  expect(memory().numTensors).toBe(0);
});
