import { hostTensor } from '@wsss/core';
import { imageSpecificCam, prototypes } from '@wsss/sipe';
import * as tensors from '@wsss/sipe/tensor';
import { item, nhwc } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';
import { seedNumbers, stacked } from './batches';

// index.json, kind c: 1e-5, absolute and of the largest value.
const suggested = { abs: 1e-5, rel: 1e-5 };

goldenKind('sipe/c', async (run) => {
  const tolerance = run.suggested ?? suggested;
  const stored = nhwc(run.input('seeds'));
  const features = nhwc(run.input('hie_fea'));
  const classes = stored.shape[3]!;
  const { values, shape } = seedNumbers(stored);
  const seeds = hostTensor(values, shape);

  const each = Array.from({ length: shape[0]! }, (_, i) => i);
  const seedsOf = (i: number) => {
    const [, h, w] = shape as [number, number, number];
    return hostTensor(values.slice(i * h * w, (i + 1) * h * w), [h, w]);
  };
  const found = await Promise.all(each.map((i) => prototypes(item(features, i), seedsOf(i), { classes })));
  await run.compare('prototypes', stacked(found), { tolerance, via: 'H' });
  for (const engine of ['wasm', 'plain'] as const) {
    for (const [name, normalize] of [
      ['is_cam', false],
      ['is_cam_norm', true],
    ] as const) {
      const maps = each.map((i) => imageSpecificCam(item(features, i), found[i]!, { normalize, engine }));
      const result = stacked(await Promise.all(maps));
      await run.compare(name, result, { tolerance, layout: nhwc, via: `H, ${engine}` });
    }
  }
  await onEachBackend(async (backend) => {
    const via = `T, ${backend}`;
    const own = tensors.prototypes(features, seeds, { classes });
    await run.compare('prototypes', own, { tolerance, via });
    await run.compare('is_cam', tensors.imageSpecificCam(features, own), { tolerance, layout: nhwc, via });
    const normalised = tensors.imageSpecificCam(features, own, { normalize: true });
    await run.compare('is_cam_norm', normalised, { tolerance, layout: nhwc, via });
  });
});
