import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, normalizeImage, random } from '@wsss/core';
import { globalAveragePool } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';
import { augment } from '@wsss/train';
import { tracked } from '../shared/tracked';
import type { Split } from './open-split';
import { resizeLongSide } from './resize-long-side';
import { CLASSES, type VocSettings } from './settings';

/** What the classifier learns from, or is scored on: a row per view of a photo. */
export interface Pooled {
  /** `[n, F]`. */
  readonly features: HostTensor;
  /** 1 where the photo has the class, `[n, 6]`. */
  readonly labels: HostTensor;
}

/** The pooled features of several random views of every photo: the backbone is frozen, so once is enough. */
export async function augmentedFeatures(
  backbone: Backbone,
  split: Split,
  { seed, passes, augmentation, colourChance }: VocSettings,
): Promise<Pooled> {
  const stream = random(seed).fork('augment');
  const rows: Row[] = [];
  for (const id of tracked('training views', split.ids)) {
    const { image, classes } = await split.get(id);
    for (let pass = 0; pass < passes; pass++) {
      const random = stream.fork(pass).fork(id);
      const changes = { ...augmentation, jitter: random.next() < colourChance ? augmentation.jitter : {} };
      const view = await augment({ image }, changes, { random, preprocess: backbone.preprocess });
      rows.push({ classes, features: await pool(backbone, view.image) });
    }
  }
  return pooled(rows);
}

/** The pooled features of every photo as it is, at one size. */
export async function plainFeatures(backbone: Backbone, split: Split, { scoreSide }: VocSettings): Promise<Pooled> {
  const rows: Row[] = [];
  for (const id of tracked('scoring views', split.ids)) {
    const { image, classes } = await split.get(id);
    const view = await normalizeImage(await resizeLongSide(image, scoreSide), backbone.preprocess);
    rows.push({ classes, features: await pool(backbone, view) });
  }
  return pooled(rows);
}

interface Row {
  readonly classes: readonly number[];
  readonly features: Float32Array;
}

async function pool(backbone: Backbone, { values, shape }: HostTensor): Promise<Float32Array> {
  const tap = backbone.classifierTap;
  const features = tidy(() => {
    const images = tensor4d(values, [1, ...(shape as [number, number, number])]);
    return globalAveragePool(backbone.forward(images, { taps: [tap] })[tap]!);
  });
  try {
    return (await features.data()) as Float32Array;
  } finally {
    features.dispose();
  }
}

function pooled(rows: readonly Row[]): Pooled {
  const width = rows[0]!.features.length;
  const features = new Float32Array(rows.length * width);
  const labels = new Float32Array(rows.length * CLASSES.length);
  for (const [i, row] of rows.entries()) {
    features.set(row.features, i * width);
    for (const index of row.classes) labels[i * CLASSES.length + index - 1] = 1;
  }
  return {
    features: hostTensor(features, [rows.length, width]),
    labels: hostTensor(labels, [rows.length, CLASSES.length]),
  };
}
