import { join } from 'node:path';
import { type Classifier, type HostTensor, hostTensor } from '@wsss/core';
import { writeMask } from '@wsss/datasets';
import { type BootstrapResult, bootstrapMeanIou, ConfusionMatrix } from '@wsss/metrics';
import { pseudoLabel } from '@wsss/pipeline';
import { tracked } from '../shared/tracked';
import { type Photo, type Split, toVoc } from './open-split';
import { CLASSES, type VocSettings } from './settings';

/** A photo with its maps and its mask. */
export interface Masked extends Photo {
  /** `[h, w, classes.length]`. */
  readonly cam: HostTensor;
  readonly mask: HostTensor<Uint8Array>;
}

export interface Masks {
  /** All photos together. */
  readonly matrix: ConfusionMatrix;
  /** How far its mean IoU would move with other photos of the kind. */
  readonly interval: BootstrapResult;
  /** Photos without any of the six classes: predicted all background, and counted. */
  readonly withoutClass: number;
  /** Seconds per photo: reading and decoding, CAM, and all together. */
  readonly seconds: { readonly read: number; readonly cam: number; readonly all: number };
  readonly shown: readonly Masked[];
}

/** Makes the mask of every photo from its labels, writes it as an indexed PNG, and scores it. */
export async function makeMasks(
  classifier: Classifier,
  split: Split,
  threshold: number,
  { scales }: VocSettings,
  { folder, show }: { folder: string; show: number },
): Promise<Masks> {
  const classes = CLASSES.length + 1;
  const matrix = new ConfusionMatrix({ classes });
  const perPhoto: ConfusionMatrix[] = [];
  const shown: Masked[] = [];
  const seconds = { read: 0, cam: 0, all: 0 };
  let withoutClass = 0;
  const every = Math.max(1, Math.floor(split.ids.length / show));
  for (const id of tracked('masks', split.ids)) {
    const started = performance.now();
    const photo = await split.get(id);
    seconds.read += performance.now() - started;
    const masked = { ...photo, ...(await maskOf(classifier, photo, threshold, scales, seconds)) };
    if (!photo.classes.length) withoutClass++;
    const counted = new ConfusionMatrix({ classes });
    await counted.update(masked.mask, masked.truth);
    matrix.merge(counted);
    perPhoto.push(counted);
    await writeMask(join(folder, `${id}.png`), toVoc(masked.mask));
    seconds.all += performance.now() - started;
    if (split.ids.indexOf(id) % every === 0 && shown.length < show) shown.push(masked);
  }
  const n = split.ids.length * 1000;
  return {
    matrix,
    interval: bootstrapMeanIou(perPhoto),
    withoutClass,
    seconds: { read: seconds.read / n, cam: seconds.cam / n, all: seconds.all / n },
    shown,
  };
}

async function maskOf(
  classifier: Classifier,
  { image, classes }: Photo,
  threshold: number,
  scales: readonly number[],
  seconds: { cam: number },
) {
  const [h, w] = image.shape as [number, number, number];
  if (!classes.length) {
    return { cam: hostTensor(new Float32Array(0), [h, w, 0]), mask: hostTensor(new Uint8Array(h * w), [h, w]) };
  }
  const { cam, mask, timings } = await pseudoLabel(image, classes, { classifier, scales, background: { threshold } });
  seconds.cam += 1000 * (timings.cam + timings.mask);
  return { cam, mask };
}
