import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, random } from '@wsss/core';
import { globalAveragePool } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';
import type { Dataset } from '@wsss/datasets';
import { type Augmentation, augment } from '@wsss/train';

/** A data set, as far as training needs it. */
export type LabelledPhotos = Pick<Dataset, 'length' | 'ids' | 'classes' | 'get'>;

/** What a linear classifier learns from: a row for each view of a photo. */
export interface PooledViews {
  /** `[n, F]` */
  readonly features: HostTensor;
  /** 1 where the photo has the class, `[n, C]`. */
  readonly labels: HostTensor;
}

/** The mean over the cells of a frozen network's features, for several random views of every photo. */
export async function pooledViews(
  backbone: Backbone,
  photos: LabelledPhotos,
  { passes, augmentation, seed }: { passes: number; augmentation: Augmentation; seed: number },
  onView: (done: number, total: number) => void,
): Promise<PooledViews> {
  const { ids, classes } = photos;
  const tap = backbone.classifierTap;
  const F = backbone.taps[tap]!.channels;
  const [n, C] = [ids.length * passes, classes.length];
  const features = new Float32Array(n * F);
  const labels = new Float32Array(n * C);
  const stream = random(seed).fork('views');
  let row = 0;
  for (const id of ids) {
    const { image, labels: names } = await photos.get(id);
    for (let pass = 0; pass < passes; pass++, row++) {
      const each = stream.fork(id).fork(pass);
      const view = await augment({ image }, augmentation, { random: each, preprocess: backbone.preprocess });
      features.set(await pool(backbone, tap, view.image), row * F);
      for (const name of names) labels[row * C + classes.indexOf(name)] = 1;
      onView(row + 1, n);
    }
  }
  return { features: hostTensor(features, [n, F]), labels: hostTensor(labels, [n, C]) };
}

async function pool(backbone: Backbone, tap: string, { values, shape }: HostTensor): Promise<Float32Array> {
  const [h, w] = shape as [number, number, number];
  const pooled = tidy(() => globalAveragePool(backbone.forward(tensor4d(values, [1, h, w, 3]), { taps: [tap] })[tap]!));
  try {
    return (await pooled.data()) as Float32Array;
  } finally {
    pooled.dispose();
  }
}
