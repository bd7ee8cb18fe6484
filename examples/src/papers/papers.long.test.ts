import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { saveBytes } from '@wsss/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PSA_STAGES, runPsa } from '../psa/run-psa';
import { runSipe, SIPE_STAGES } from '../sipe/run-sipe';
import type { PaperOptions } from './options';
import { smallDevkit } from './small-devkit.fixture';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'papers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const dry = (devkit: string, out: string, more: Partial<PaperOptions> = {}): PaperOptions => ({
  devkit: join(folder, devkit),
  out: join(folder, out),
  files: {},
  network: undefined,
  list: 'train_aug',
  labels: undefined,
  limit: undefined,
  steps: undefined,
  dryRun: true,
  seed: 0,
  backend: 'wasm',
  ...more,
});

test('the networks of the papers, with random values, on drawn photos', async () => {
  await smallDevkit(join(folder, 'drawn'), 2);
  const psa = await runPsa(dry('drawn', 'psa'));
  expect(Object.keys(psa)).toEqual([...PSA_STAGES]);
  expect(psa.walk![0]).toMatch(/published: 58\.1 % \(paper/);
  const sipe = await runSipe(dry('drawn', 'sipe'));
  expect(Object.keys(sipe)).toEqual([...SIPE_STAGES]);
  expect(sipe.cam![0]).toMatch(/published: 58\.65 % \(paper\)/);
});

const shared = resolve(import.meta.dirname, '../../../../shared/data');
const weights = join(shared, 'weights/mobilenet_v2_features.safetensors');

test.skipIf(!existsSync(weights))('MobileNetV2 with its weights, on photos of VOC (../shared)', async () => {
  const from = join(shared, 'voc-mini');
  const to = join(folder, 'voc');
  const ids = (await readFile(join(from, 'train.txt'), 'utf8')).trim().split('\n').slice(0, 4);
  for (const part of ['JPEGImages', 'SegmentationClass']) await mkdir(join(to, part), { recursive: true });
  for (const id of ids) {
    await copyFile(join(from, 'images', `${id}.jpg`), join(to, 'JPEGImages', `${id}.jpg`));
    await copyFile(join(from, 'masks', `${id}.png`), join(to, 'SegmentationClass', `${id}.png`));
  }
  for (const split of ['train', 'train_aug', 'val']) {
    const list = new TextEncoder().encode(`${ids.join('\n')}\n`);
    await saveBytes(join(to, 'ImageSets/Segmentation', `${split}.txt`), list);
  }
  await copyFile(join(from, 'labels.json'), join(to, 'labels.json'));
  const more = { labels: 'labels.json', network: 'mobilenetV2', files: { weights } };
  const psa = await runPsa(dry('voc', 'voc-psa', more));
  const sipe = await runSipe(dry('voc', 'voc-sipe', more));
  for (const line of [psa.crf![0]!, sipe.labels![0]!]) {
    expect(Number(/mean IoU ([\d.]+) %/.exec(line)![1])).toBeGreaterThan(0);
  }
});
