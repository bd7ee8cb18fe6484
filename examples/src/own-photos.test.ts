import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { useBackend } from '@wsss/backend';
import { VOC_PALETTE } from '@wsss/core';
import { decodeImage, decodeIndexedPng } from '@wsss/datasets';
import { saveBytes, writeSafetensors } from '@wsss/formats';
import { mobilenetV2, stateDict } from '@wsss/networks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLASSES, type Scene } from './quickstart/scenes/scene';
import { writeSceneFolder } from './shared/scene-folder.fixture';

const folder = mkdtempSync(join(tmpdir(), 'wsss-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the example as a person would, on the sources. */
async function ownPhotos(...args: string[]): Promise<string> {
  const file = resolve(import.meta.dirname, 'own-photos.ts');
  const flags = ['--import', 'tsx', '--conditions=@wsss/source'];
  return (await promisify(execFile)(process.execPath, [...flags, file, ...args])).stdout;
}

let scenes: Scene[];
const weights = join(folder, 'weights.safetensors');
beforeAll(async () => {
  await useBackend('cpu');
  scenes = await writeSceneFolder(folder, 3, 96);
  // First values in the place of ImageNet's weights: the program is what is tested here, not what it finds.
  const network = mobilenetV2({ seed: 2 });
  await saveBytes(weights, await writeSafetensors(await stateDict(network)));
  network.dispose();
});

test('own-photos.ts writes a mask and a picture for each photo, at its size and with its classes', async () => {
  const lines = (await ownPhotos(folder, weights)).trim().split('\n');
  expect(lines.map((line) => line.split('  ')[0])).toEqual(scenes.map(({ id }) => id));
  for (const { id, image, labels } of scenes) {
    const [height, width] = image.shape as [number, number, number];
    const bytes = readFileSync(join(folder, 'out', 'masks', `${id}.png`));
    const mask = await decodeIndexedPng(bytes);
    expect(mask.shape).toEqual([height, width]);
    const allowed = new Set([0, ...labels.map((name) => CLASSES.indexOf(name) + 1)]);
    for (const label of mask.values) expect(allowed.has(label)).toBe(true);
    // Indices with VOC's colours, as other programs show them.
    const at = bytes.indexOf('PLTE');
    expect([...bytes.subarray(at + 4, at + 4 + 9)]).toEqual([...VOC_PALETTE.slice(0, 9)]);
    const overlay = await decodeImage(readFileSync(join(folder, 'out', 'overlays', `${id}.png`)));
    expect(overlay.shape).toEqual([height, width, 3]);
  }
});

test('it says how it is called, and leaves nothing behind then', async () => {
  const failed = await ownPhotos(folder).catch((error) => error);
  expect(failed.stderr).toContain('npm run example own-photos -- FOLDER WEIGHTS [OUT]');
  expect(failed.code).toBe(1);
  expect(existsSync(join(folder, 'undefined'))).toBe(false);
  expect(readdirSync(folder).sort()).toEqual(['classes.txt', 'images', 'labels.csv', 'out', 'weights.safetensors']);
});
