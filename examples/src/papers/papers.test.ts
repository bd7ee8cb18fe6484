import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMask } from '@wsss/datasets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PSA_STAGES, runPsa } from '../psa/run-psa';
import { runSipe, SIPE_STAGES } from '../sipe/run-sipe';
import { type PaperOptions, readPaperOptions } from './options';
import { smallDevkit } from './small-devkit.fixture';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'papers-'));
  await smallDevkit(join(folder, 'devkit'));
});
afterAll(() => rm(folder, { recursive: true }));

const options = async (name: string, stages: readonly string[], files: readonly string[], more: string[] = []) => {
  const args = ['--devkit', join(folder, 'devkit'), '--network', 'mobilenetV2', '--dry-run', '--backend', 'wasm'];
  const defaults = { out: join(folder, name), stages, files, networks: ['mobilenetV2'] };
  // The folder of a dry run is not that of the real one: it is `${out}-dry`.
  return (await readPaperOptions(name, [...args, ...more], defaults)) as PaperOptions;
};

test('PSA runs from the classifier to pseudo labels, and goes on where it was stopped', async () => {
  const files = ['weights', 'classifier', 'affinity'];
  const first = await runPsa(await options('psa', PSA_STAGES, files, ['--steps', 'classifier,cam']));
  expect(Object.keys(first)).toEqual(['classifier', 'cam']);
  expect(first.classifier).toEqual([expect.stringMatching(/^2 steps, loss 0\.\d{4}$/)]);
  const trained = await stat(join(folder, 'psa-dry', 'classifier.safetensors'));
  const found = await runPsa(await options('psa', PSA_STAGES, files));
  expect(Object.keys(found)).toEqual([...PSA_STAGES]);
  expect(found.cam).toEqual(first.cam);
  // What was done before is not done again.
  expect((await stat(join(folder, 'psa-dry', 'classifier.safetensors'))).mtimeMs).toBe(trained.mtimeMs);
  expect(found.crf![0]).toMatch(/^pseudo labels, train: mean IoU \d+\.\d %; published: none$/);
  expect(found.segmentation![0]).toMatch(/^2 steps, loss \d+\.\d{4}$/);
  expect(found.val![0]).toMatch(/^segmentation, val: mean IoU \d+\.\d %/);
  const masks = await readdir(join(folder, 'psa-dry', 'pseudo-labels'));
  expect(masks).toHaveLength(4);
  const { values, shape } = await readMask(join(folder, 'psa-dry', 'pseudo-labels', masks[0]!));
  expect(shape).toEqual([120, 160]);
  // The first photo shows a cat, class 8, only.
  expect([...new Set(values)].every((value) => value === 0 || value === 8)).toBe(true);
});

test('SIPE runs from the network to pseudo labels', async () => {
  const found = await runSipe(await options('sipe', SIPE_STAGES, ['weights', 'sipe', 'irn', 'segmentation-weights']));
  expect(Object.keys(found)).toEqual([...SIPE_STAGES]);
  expect(found.train![0]).toMatch(/^2 steps, classification 0\.\d+, consistency 0\.\d+;/);
  expect(found.ir![0]).toMatch(/^4 photos, \d+\.\d % of the pixels ignored$/);
  expect(found.labels![0]).toMatch(/^pseudo labels, train: mean IoU \d+\.\d %/);
  expect(await readdir(join(folder, 'sipe-dry', 'pseudo-labels'))).toHaveLength(4);
});

test('refuses results of other settings, and options that are wrong', async () => {
  const files = ['weights', 'classifier', 'affinity'];
  const other = await options('psa', PSA_STAGES, files, ['--seed', '1', '--steps', 'classifier']);
  await expect(runPsa(other)).rejects.toThrow(/the settings of this run.*--out/s);
  await expect(options('psa', PSA_STAGES, files, ['--steps', 'cam,nap'])).rejects.toThrow(/classifier,cam,scores/);
  await expect(options('psa', PSA_STAGES, files, ['--limit', '0'])).rejects.toThrow(/whole number ≥ 1/);
  await expect(options('psa', PSA_STAGES, files, ['--weights', 'nothing.pth'])).rejects.toThrow(/nothing there/);
  await expect(options('psa', PSA_STAGES, files, ['--help'])).resolves.toBeUndefined();
});
