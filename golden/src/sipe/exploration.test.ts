import {
  add,
  mean,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { backgroundCam, hierarchicalFeatures, imageSpecificCam, prototypes, structureSeeds } from '@wsss/sipe';
import * as tensors from '@wsss/sipe/tensor';
import { EXACT, item, nhwc, type ReferenceTensor, reshape } from '@wsss/testing';
import { multilabelSoftMarginLoss } from '@wsss/train';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';
import { stacked } from './batches';

// index.json, kind e: 2e-5, and 1e-4 of the largest value; seeds are equal.
const suggested = { abs: 2e-5, rel: 1e-4 };

goldenKind('sipe/e', async (run) => {
  const tolerance = run.suggested ?? suggested;
  const [maps, structure, mask] = [nhwc(run.input('raw_cam')), nhwc(run.input('x4')), nhwc(run.input('valid_mask'))];
  const label = run.input('label');
  const sides = [1, 2, 3, 4].map((i) => nhwc(run.input(`side${i}`)));
  const classes = mask.shape[3]!;

  const each = Array.from({ length: maps.shape[0]! }, async (_, i) => {
    const cam = await backgroundCam(item(maps, i), { mask: item(mask, i) });
    const { seeds } = await structureSeeds(item(structure, i), cam, { mask: item(mask, i) });
    const features = await hierarchicalFeatures(sides.map((side) => item(side, i)));
    const own = await prototypes(features, seeds, { classes });
    const isCam = await imageSpecificCam(features, own);
    return { seeds, features, isCam, normalised: await imageSpecificCam(features, own, { normalize: true }) };
  });
  const images = await Promise.all(each);
  await run.compare('hie_fea', stacked(images.map(({ features }) => features)), { tolerance, layout: nhwc, via: 'H' });
  await run.compare('seeds_index', stacked(images.map(({ seeds }) => seeds)), { ...seedNumbers, via: 'H' });
  await run.compare('is_cam', stacked(images.map(({ isCam }) => isCam)), { tolerance, layout: nhwc, via: 'H' });
  const normalised = stacked(images.map((image) => image.normalised));
  await run.compare('is_cam_norm', normalised, { tolerance, layout: nhwc, via: 'H' });

  await onEachBackend(async (backend) => {
    const via = `T, ${backend}`;
    const explore = (rawMaps: Tensor, given: readonly Tensor[]) => {
      const cam = tensors.backgroundCam(rawMaps as Tensor4D, { mask });
      const { seeds } = tensors.structureSeeds(structure, cam, { mask });
      const features = tensors.hierarchicalFeatures(given as Tensor4D[]);
      const own = tensors.prototypes(features, seeds, { classes });
      return { cam, seeds, features, own, isCam: tensors.imageSpecificCam(features, own) };
    };
    const classification = (rawMaps: Tensor): Scalar => {
      const labels = tensor(label.values, [...label.shape]);
      return multilabelSoftMarginLoss(mean(rawMaps, [1, 2]) as Tensor2D, labels);
    };
    const inputs = [maps, ...sides].map(({ values, shape }) => tensor(values, [...shape]));
    const { features, seeds, own, isCam } = explore(inputs[0]!, inputs.slice(1));
    await run.compare('hie_fea', features, { tolerance, layout: nhwc, via });
    await run.compare('seeds_index', seeds, { ...seedNumbers, via });
    await run.compare('is_cam', isCam, { tolerance, layout: nhwc, via });
    const byMaximum = tensors.imageSpecificCam(features, own, { normalize: true });
    await run.compare('is_cam_norm', byMaximum, { tolerance, layout: nhwc, via });

    const scalar = { tolerance, layout: (stored: ReferenceTensor) => reshape(stored, []), via };
    const gscOf = (x: Tensor[]) => {
      const explored = explore(x[0]!, x.slice(1));
      return tensors.gscLoss(explored.cam, explored.isCam);
    };
    const gsc = valueAndGrads((...x) => gscOf(x as Tensor[]))(inputs);
    await run.compare('loss_gsc', gsc.value, scalar);
    await run.compare('grad_gsc_raw_cam', gsc.grads[0]!, { tolerance, layout: nhwc, via });
    const cls = valueAndGrads((x) => classification(x as Tensor))([inputs[0]!]);
    await run.compare('loss_cls', cls.value, scalar);
    await run.compare('grad_cls_raw_cam', cls.grads[0]!, { tolerance, layout: nhwc, via });
    const total = valueAndGrads((...x) => add(gscOf(x as Tensor[]), classification(x[0] as Tensor)) as Scalar)(inputs);
    await run.compare('grad_total_raw_cam', total.grads[0]!, { tolerance, layout: nhwc, via });
    for (const i of [1, 2, 3, 4]) {
      await run.compare(`grad_total_side${i}`, total.grads[i]!, { tolerance, layout: nhwc, via });
    }
  });
});

// `[n, h, w]`: the same in both layouts.
const seedNumbers = { tolerance: EXACT };
