import { type Tensor4D, tensor, valueAndGrad } from '@tensorflow/tfjs-core';
import { backgroundCam } from '@wsss/sipe';
import * as tensors from '@wsss/sipe/tensor';
import { item, nhwc } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';
import { stacked, weighted } from './batches';

// index.json, kind a: 1e-5, absolute and of the largest value.
const suggested = { abs: 1e-5, rel: 1e-5 };

goldenKind('sipe/a', async (run) => {
  const tolerance = run.suggested ?? suggested;
  const maps = nhwc(run.input('raw_cam'));
  const mask = nhwc(run.input('valid_mask'));
  const upstream = nhwc(run.input('grad_probe_out'));
  // Part of the mask already.
  run.input('label');

  const images = Array.from({ length: maps.shape[0]! }, (_, i) =>
    backgroundCam(item(maps, i), { mask: item(mask, i) }),
  );
  await run.compare('norm_cam', stacked(await Promise.all(images)), { tolerance, layout: nhwc, via: 'H' });

  await onEachBackend(async (backend) => {
    const gradient = valueAndGrad((x) => weighted(tensors.backgroundCam(x as Tensor4D, { mask }), upstream));
    const input = tensor(maps.values, [...maps.shape]);
    const via = `T, ${backend}`;
    await run.compare('norm_cam', tensors.backgroundCam(maps, { mask }), { tolerance, layout: nhwc, via });
    await run.compare('grad_raw_cam', gradient(input).grad, { tolerance, layout: nhwc, via });
  });
});
