import { argmaxLabels, hostTensor, type TensorLike } from '@wsss/core';
import { addMirrored, explorePrototypes, fuseIsCams, hierarchicalFeatures } from '@wsss/sipe';
import { EXACT, type GoldenRun, hwc, item, nhwc, type ReferenceTensor } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';
import { allChannels } from './batches';

// index.json, kind g: 5e-5, absolute and of the largest value; labels are equal.
const suggested = { abs: 5e-5, rel: 5e-5 };

goldenKind('sipe/g', async (run) => {
  const tolerance = run.suggested ?? suggested;
  const present = run.input('label_with_bg').values;
  const channels = present.length;
  const classes = Array.from({ length: channels - 1 }, (_, c) => c + 1).filter((c) => present[c] === 1);

  const maps: TensorLike[] = [];
  for (const [, scale] of run.names(/^raw_cam_(\d+)$/)) {
    const [plain, mirrored] = await Promise.all([0, 1].map((i) => viewOf(run, scale!, i)));
    const view = await addMirrored(plain!, mirrored!);
    const { cam, isCam } = await explorePrototypes(view, { classes, absent: 'compete' });
    await run.compare(`norm_cam_${scale}`, cam, { tolerance, layout: hwc });
    await run.compare(`is_cam_${scale}`, allChannels(isCam, classes, channels), { tolerance, layout: hwc });
    maps.push(isCam);
  }
  const size = run.parameter<[number, number]>('out_size')!;
  const fused = await fuseIsCams(maps, { size });
  await run.compare('fused_is_cam', allChannels(fused, classes, channels), { tolerance, layout: hwc });
  await run.compare('keys', hostTensor(Int32Array.of(0, ...classes), [classes.length + 1]), { tolerance: EXACT });
  const labels = (stored: ReferenceTensor) => stored;
  await run.compare('argmax_pred', await argmaxLabels(fused, { classes }), { tolerance: EXACT, layout: labels });
});

async function viewOf(run: GoldenRun, scale: string, image: number) {
  const sides = [1, 2, 3, 4].map((side) => item(nhwc(run.input(`side${side}_${scale}`)), image));
  const features = await hierarchicalFeatures(sides);
  return { maps: item(nhwc(run.input(`raw_cam_${scale}`)), image), structure: features, prototype: features };
}
