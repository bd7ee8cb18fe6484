import { expect, test } from 'vitest';
import { type RowsJob, startRows } from './helper-thread';
import { difference, noise } from './scene.fixture';
import { structureSeeds } from './structure-seeds';

test('large maps, on two threads where there are two, are what one thread computes; at the same time too', async () => {
  const features = noise([20, 20, 3200], 1);
  const cam = noise([20, 20, 3], 2, [0, 1]);
  const expected = await structureSeeds(features, cam, { engine: 'plain' });
  // The second finds the other thread busy, and the third finds it free again.
  const found = await Promise.all([structureSeeds(features, cam), structureSeeds(features, cam)]);
  const later = await structureSeeds(features, cam);
  for (const { iou, seeds } of [...found, later]) {
    expect(difference(iou.values, expected.iou.values)).toBeLessThan(1e-6);
    expect(seeds.values).toEqual(expected.seeds.values);
  }
  expect(later.iou.values).toEqual(found[0].iou.values);
});

test('a thread that fails is given up, and the calling thread does the rows', async () => {
  const [panels, columns] = [new Float32Array(64), new Float32Array(256)];
  const job: RowsJob = { panels, columns, count: 8, F: 1, vectors: 1, minimum: 0, rows: [0] };
  expect(await startRows({} as WebAssembly.Module, job)).toBeUndefined();
  expect(startRows({} as WebAssembly.Module, job)).toBeUndefined();
  const [features, cam] = [noise([20, 20, 3200], 3), noise([20, 20, 2], 4, [0, 1])];
  const [wasm, plain] = [await structureSeeds(features, cam), await structureSeeds(features, cam, { engine: 'plain' })];
  expect(difference(wasm.iou.values, plain.iou.values)).toBeLessThan(1e-6);
});
