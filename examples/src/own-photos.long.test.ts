import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readMask } from '@wsss/datasets';
import { ConfusionMatrix } from '@wsss/metrics';
import { afterAll, expect, test } from 'vitest';
import { CLASSES } from './quickstart/scenes/scene';
import { writeSceneFolder } from './shared/scene-folder.fixture';

const weights = resolve(import.meta.dirname, '../../../shared/data/weights/mobilenet_v2_features.safetensors');
const without = existsSync(weights) ? '' : ' (skipped: no ../shared/data/weights)';
const folder = mkdtempSync(join(tmpdir(), 'wsss-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(without !== '')(
  `with ImageNet's weights, the masks of 40 drawn photos are right${without}`,
  async () => {
    const scenes = await writeSceneFolder(folder, 40, 256);
    const file = resolve(import.meta.dirname, 'own-photos.ts');
    const flags = ['--import', 'tsx', '--conditions=@wsss/source'];
    await promisify(execFile)(process.execPath, [...flags, file, folder, weights]);
    const matrix = new ConfusionMatrix({ classes: CLASSES.length + 1 });
    for (const { id, mask } of scenes)
      await matrix.update(await readMask(join(folder, 'out', 'masks', `${id}.png`)), mask);
    console.log(`mean IoU ${(100 * matrix.meanIou()).toFixed(1)} %`);
    // It was 75.1 %; all background would be about 10 %.
    expect(matrix.meanIou()).toBeGreaterThan(0.7);
  },
  600_000,
);
