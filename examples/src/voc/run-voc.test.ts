import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { FormatError, type HostTensor, hostTensor, random } from '@wsss/core';
import { encodePng, readMask, writeMask } from '@wsss/datasets';
import { saveBytes, writeSafetensors } from '@wsss/formats';
import { ConfusionMatrix } from '@wsss/metrics';
import { type MobilenetV2Options, mobilenetV2, stateDict } from '@wsss/networks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scene, CLASSES as THINGS } from '../quickstart/scenes/scene';
import { mergeResults } from './merge-results';
import type { VocResult } from './result';
import { runVoc } from './run-voc';
import { RUNGS } from './rungs';
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
  affinity: { ...SETTINGS.affinity, epochs: 2, batchSize: 2, cropCells: 8 },
  segmentation: {
    ...{ ...SETTINGS.segmentation, epochs: 1, batchSize: 2 },
    augmentation: { scale: [0.75, 1.25] as const, flip: 0.5, crop: 64 },
  },
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

test('climbs from labels to a network, scores every step, and goes on where it was stopped', async () => {
  const out = join(data, 'out');
  const { path, result } = await runVoc({ data, weights, out, bound: true }, settings);
  expect(memory().numTensors).toBe(0);
  expect(result.rungs.map(({ slug }) => slug)).toEqual(RUNGS.map(({ slug }) => slug));
  expect(result.photos).toEqual({ train: 6, val: 3, withoutClass: 1 });

  // Counted: every pixel but those of other classes.
  const expected = new Array<number>(CLASSES.length + 1).fill(0);
  for (const id of ids.val) {
    for (const index of (await readMask(join(data, 'masks', `${id}.png`))).values) {
      if (index === 0) expected[0]!++;
      else if (VOC_INDICES.includes(index)) expected[VOC_INDICES.indexOf(index) + 1]!++;
    }
  }
  for (const { slug, val, seconds } of result.rungs) {
    expect([
      slug,
      ConfusionMatrix.fromJSON(val.matrix)
        .classCounts()
        .map(({ target }) => target),
    ]).toEqual([slug, expected]);
    expect(seconds).toBeGreaterThanOrEqual(0);
  }

  // Whoever is told the labels names no other class.
  const folder = join(out, 'seed-1');
  const labels = JSON.parse(await readFile(join(data, 'labels.json'), 'utf8')) as Record<string, string[]>;
  for (const { slug } of RUNGS.filter((rung) => rung.labels)) {
    expect((await readdir(join(folder, 'masks', slug))).length).toBe(ids.val.length + ids.train.length);
    for (const id of ids.val) {
      const allowed = [0, ...labels[id]!.map((name) => VOC_INDICES[CLASSES.indexOf(name as 'cat')])];
      for (const index of new Set((await readMask(join(folder, 'masks', slug, `${id}.png`))).values)) {
        expect(allowed).toContain(index);
      }
    }
  }
  expect(path).toBe(join(folder, 'report.html'));
  expect(await readFile(path, 'utf8')).toContain('val-1');

  // As after a kill in the middle: what is left is made anew, and nothing else.
  const lost = ['masks/walk-crf/val-0.png', 'masks/network', 'masks/network-gated', 'masks/relabelled', 'scores'];
  for (const name of [...lost, 'result.json']) await rm(join(folder, name), { recursive: true });
  const before = (await stat(join(folder, 'masks', 'walk', 'val-0.png'))).mtimeMs;
  const again = await runVoc({ data, weights, out, bound: true }, settings);
  expect(again.result.rungs.map(({ val }) => val)).toEqual(result.rungs.map(({ val }) => val));
  expect((await stat(join(folder, 'masks', 'walk', 'val-0.png'))).mtimeMs).toBe(before);
  expect(again.result.stages.classifier!).toEqual(result.stages.classifier!);

  const other = { ...settings, limit: 2 };
  await expect(runVoc({ data, weights, out, bound: true }, other)).rejects.toThrow(/run with the same settings/);
  expect((await mergeResults(out)).map((merged) => merged.settings.seed)).toEqual([1]);
  expect(memory().numTensors).toBe(0);
});

test('takes the first photos of each split, in a folder of the seed, without the bound; merges such folders', async () => {
  const out = join(data, 'few');
  const { result } = await runVoc({ data, weights, out, bound: false }, { ...settings, limit: 2, seed: 3 });
  expect(result.photos).toMatchObject({ train: 2, val: 2 });
  expect(result.rungs.map(({ slug }) => slug)).not.toContain('bound');
  expect(await readFile(join(out, 'seed-3', 'report.html'), 'utf8')).toContain('limited to 2 photos of each split');

  // Merged: only what belongs together.
  await expect(mergeResults(join(data, 'nowhere'))).rejects.toThrow(FormatError);
  const mixed = join(data, 'mixed');
  const own = JSON.parse(await readFile(join(out, 'seed-3', 'result.json'), 'utf8')) as VocResult;
  await saveBytes(join(mixed, 'seed-1', 'result.json'), bytes(own));
  await saveBytes(join(mixed, 'seed-2', 'result.json'), bytes({ ...own, settings: { ...own.settings, seed: 2 } }));
  expect(await mergeResults(mixed)).toHaveLength(2);
  await saveBytes(join(mixed, 'seed-4', 'result.json'), bytes({ ...own, settings: { ...own.settings, epochs: 1 } }));
  await expect(mergeResults(mixed)).rejects.toThrow(/--merge/);
});

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test('names a file that is not what it should be, and leaves no tensor behind', async () => {
  const options = { data, weights, out: join(data, 'never'), bound: false };
  const list = join(data, 'train.txt');
  await expect(runVoc({ ...options, weights: list }, settings)).rejects.toThrow(list);

  const narrow = join(data, 'narrow.safetensors');
  await saveBytes(narrow, await randomWeights({ seed: 1, widthMultiplier: 0.5 }));
  await expect(runVoc({ ...options, weights: narrow }, settings)).rejects.toThrow(FormatError);

  const mask = join(data, 'masks', 'val-0.png');
  await rm(mask);
  await expect(runVoc(options, settings)).rejects.toThrow(`${mask}: expected a mask for every photo, got none.`);
  expect(memory().numTensors).toBe(0);
});
