import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { runQuickstart } from './run-quickstart';
import { SETTINGS } from './settings';

test('a quickstart in small: learns, scores, writes its report, leaves no tensor behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quickstart-'));
  try {
    const small = { ...SETTINGS, size: 48, trainScenes: 48, testScenes: 8, epochs: 4, batchSize: 8, scales: [1, 0.5] };
    const { path, run } = await runQuickstart(small, join(folder, 'report.html'));
    expect(path).toBe(join(folder, 'report.html'));
    expect(memory().numTensors).toBe(0);
    expect(run.history.steps).toBe(24);
    expect(run.history.epochs.at(-1)!.loss).toBeLessThan(run.history.epochs[0]!.loss);
    expect(run.matrix.total).toBe(8 * 48 * 48);
    const page = await readFile(path, 'utf8');
    expect(page.match(/<img src="data:image\/png;base64,/g)!.length).toBeGreaterThanOrEqual(8 * 4);
    const again = await runQuickstart(small, join(folder, 'again.html'));
    expect(again.run.history.losses).toEqual(run.history.losses);
    expect(again.run.matrix.toJSON()).toEqual(run.matrix.toJSON());
  } finally {
    await rm(folder, { recursive: true });
  }
});
