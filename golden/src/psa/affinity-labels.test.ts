import { affinityLabels, affinityPairs, confidentLabels } from '@wsss/affinity';
import {
  flipHorizontal,
  type HostTensor,
  hostTensor,
  IMAGENET_PREPROCESS,
  normalizeImage,
  type TensorLike,
} from '@wsss/core';
import { EXACT, type GoldenRun, hwc } from '@wsss/testing';
import { cropSample } from '@wsss/train';
import { goldenKind } from '../suite/golden-kind';

goldenKind('psa/a', async (run) => {
  const radius = run.parameter<number>('radius')!;
  if (run.has('la')) return await checkDataset(run, radius);
  const pairs = await affinityPairs(run.parameter<number>('H')!, run.parameter<number>('W')!, radius);
  for (const [name, ours] of [
    ['ind_from', pairs.from],
    ['ind_to', pairs.to],
    ['offsets', pairs.offsets],
  ] as const) {
    if (run.has(name)) await run.compare(name, ours, { tolerance: EXACT });
  }
  if (run.records('pairs')) run.compareRecorded('pairs', pairs.to.values.length, { tolerance: EXACT });
  if (run.has('label')) await compareMasks(run, run.input<Uint8Array>('label'), radius);
});

/** A crop of photo and scores into a container, the labels of its cells, and those of their pairs. */
async function checkDataset(run: GoldenRun, radius: number): Promise<void> {
  const side = run.parameter<number>('crop_size')!;
  const place = (name: string) => run.parameter<number>(`image_${name}`)! - run.parameter<number>(`container_${name}`)!;
  const window = { top: place('top'), left: place('left'), height: side, width: side };
  const flip = async (map: HostTensor) => (run.parameter<boolean>('flip')! ? flipHorizontal(map) : map);
  const image = run.input<Uint8Array>('image');
  const crop = async (name: string) => {
    const { image: photo, maps } = await cropSample({ image, maps: hwc(run.input(name)) }, window);
    return { photo: await flip(await normalizeImage(photo, IMAGENET_PREPROCESS)), maps: await flip(maps!) };
  };
  const [low, high] = [await crop('la'), await crop('ha')];
  // spec/psa, section 17.
  await run.compare('net_input', low.photo, { tolerance: { abs: 1e-6 }, layout: hwc });
  const labels = await confidentLabels(low.maps, high.maps);
  await run.compare('label', labels, { tolerance: EXACT });
  const count = (label: number) => labels.values.filter((value) => value === label).length;
  const histogram = (run.sidecar.counts as { label_hist: Record<string, number> }).label_hist;
  for (const label of Object.keys(histogram)) {
    run.compareRecorded(`counts/label_hist/${label}`, count(Number(label)), { tolerance: EXACT });
  }
  await compareMasks(run, labels, radius);
}

async function compareMasks(run: GoldenRun, labels: TensorLike, radius: number): Promise<void> {
  const ours = await affinityLabels(labels, { radius });
  for (const [name, mask] of [
    ['bg_pos', ours.backgroundPositive],
    ['fg_pos', ours.foregroundPositive],
    ['neg', ours.negative],
  ] as const) {
    await run.compare(name, hostTensor(mask.values, mask.shape), { tolerance: EXACT });
    const count = mask.values.reduce((sum, value) => sum + value, 0);
    run.compareRecorded(`counts/${name}`, count, { tolerance: EXACT });
  }
}
