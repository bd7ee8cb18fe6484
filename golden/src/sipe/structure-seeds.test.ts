import { structureMap, structureSeeds } from '@wsss/sipe';
import * as tensors from '@wsss/sipe/tensor';
import { EXACT, item, nhwc, type ReferenceTensor, reshape } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';
import { seedNumbers, stacked } from './batches';

// index.json, kind b: 1e-5, absolute and of the largest value; seeds are equal.
const suggested = { abs: 1e-5, rel: 1e-5 };

goldenKind('sipe/b', async (run) => {
  const tolerance = run.suggested ?? suggested;
  const cam = nhwc(run.input('norm_cam'));
  const features = nhwc(run.input('feature'));
  const mask = nhwc(run.input('valid_mask'));
  const seeds = { tolerance: EXACT, layout: (stored: ReferenceTensor) => seedNumbers(nhwc(stored)) };
  // A softmax of the overlap, which nothing uses.
  run.input('probs');

  const each = Array.from({ length: cam.shape[0]! }, (_, i) => i);
  for (const engine of ['wasm', 'plain'] as const) {
    const images = await Promise.all(
      each.map((i) => structureSeeds(item(features, i), item(cam, i), { mask: item(mask, i), engine })),
    );
    const via = `H, ${engine}`;
    await run.compare('iou', stacked(images.map(({ iou }) => iou)), { tolerance, layout: nhwc, via });
    await run.compare('seeds', stacked(images.map((image) => image.seeds)), { ...seeds, via });
  }
  await onEachBackend(async (backend) => {
    const found = tensors.structureSeeds(features, cam, { mask });
    const via = `T, ${backend}`;
    await run.compare('iou', found.iou, { tolerance, layout: nhwc, via });
    await run.compare('seeds', found.seeds, { ...seeds, via });
  });

  if (!run.has('structure')) return;
  const layout = (stored: ReferenceTensor) => reshape(stored, [stored.shape[0]!, stored.shape[2]!, stored.shape[3]!]);
  const maps = await Promise.all(each.map((i) => structureMap(item(features, i))));
  await run.compare('structure', stacked(maps), { tolerance, layout, via: 'H' });
  await onEachBackend(async (backend) => {
    await run.compare('structure', tensors.structureMap(features), { tolerance, layout, via: `T, ${backend}` });
  });
});
