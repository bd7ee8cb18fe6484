import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { runQuickstart } from './run-quickstart';
import { RUNGS } from './rungs';
import { SETTINGS } from './settings';

test('a quickstart in small: learns, scores, writes its report, leaves no tensor behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quickstart-'));
  try {
    const small = {
      ...{ ...SETTINGS, size: 48, trainScenes: 48, testScenes: 8, epochs: 4, batchSize: 8, scales: [1, 0.5] },
      ...{ maskedScenes: 24, affinityScenes: 16, affinityEpochs: 3 },
      segmentation: { ...SETTINGS.segmentation, epochs: 2, batchSize: 8 },
    };
    const { path, run } = await runQuickstart(small, join(folder, 'report.html'));
    expect(path).toBe(join(folder, 'report.html'));
    expect(memory().numTensors).toBe(0);
    const { classifier, affinity, network } = run.histories;
    expect(classifier.steps).toBe(24);
    for (const { epochs } of [classifier, affinity, network]) expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
    expect(affinity.steps).toBe(6);
    for (const { slug } of RUNGS) expect(run.rungs[slug].matrix.total).toBe(8 * 48 * 48);
    const page = await readFile(path, 'utf8');
    expect(page.match(/<img src="data:image\/png;base64,/g)!.length).toBeGreaterThanOrEqual(8 * 9);
    const again = await runQuickstart(small, join(folder, 'again.html'));
    expect(again.run.histories).toEqual(run.histories);
    for (const { slug } of RUNGS) {
      expect(again.run.rungs[slug].matrix.toJSON()).toEqual(run.rungs[slug].matrix.toJSON());
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
