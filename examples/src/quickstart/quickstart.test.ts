import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { RUNGS } from './pseudo-labels';
import { runQuickstart } from './run-quickstart';
import { SETTINGS } from './settings';

test('a quickstart in small: learns, scores, writes its report, leaves no tensor behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quickstart-'));
  try {
    const small = {
      ...{ ...SETTINGS, size: 48, trainScenes: 48, testScenes: 8, epochs: 4, batchSize: 8, scales: [1, 0.5] },
      ...{ affinityScenes: 16, affinityEpochs: 3 },
    };
    const { path, run } = await runQuickstart(small, join(folder, 'report.html'));
    expect(path).toBe(join(folder, 'report.html'));
    expect(memory().numTensors).toBe(0);
    expect(run.history.steps).toBe(24);
    expect(run.history.epochs.at(-1)!.loss).toBeLessThan(run.history.epochs[0]!.loss);
    expect(run.affinityHistory.steps).toBe(6);
    expect(run.affinityHistory.epochs.at(-1)!.loss).toBeLessThan(run.affinityHistory.epochs[0]!.loss);
    for (const rung of RUNGS) expect(run.rungs[rung].matrix.total).toBe(8 * 48 * 48);
    const page = await readFile(path, 'utf8');
    expect(page.match(/<img src="data:image\/png;base64,/g)!.length).toBeGreaterThanOrEqual(8 * 7);
    const again = await runQuickstart(small, join(folder, 'again.html'));
    expect(again.run.history.losses).toEqual(run.history.losses);
    for (const rung of RUNGS) {
      expect(again.run.rungs[rung].matrix.toJSON()).toEqual(run.rungs[rung].matrix.toJSON());
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
