import { expect, test } from 'vitest';
import { difference, noise } from './scene.fixture';
import { structureSeeds } from './structure-seeds';

test('large maps, on two threads where there are two, are what one thread computes; at the same time too', async () => {
  const features = noise([20, 20, 3200], 1);
  const cam = noise([20, 20, 3], 2, [0, 1]);
  const expected = await structureSeeds(features, cam, { engine: 'plain' });
  // The second finds the other thread busy, and the third finds it free again.
  const found = await Promise.all([structureSeeds(features, cam), structureSeeds(features, cam)]);
  found.push(await structureSeeds(features, cam));
  for (const { iou, seeds } of found) {
    expect(difference(iou.values, expected.iou.values)).toBeLessThan(1e-6);
    expect(seeds.values).toEqual(expected.seeds.values);
  }
  expect(found[2]!.iou.values).toEqual(found[0]!.iou.values);
});
