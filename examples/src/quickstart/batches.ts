import { type HostTensor, hostTensor, normalizeImage, type Preprocess, type Random } from '@wsss/core';
import { CLASSES, type Scene } from './scenes/scene';

/** A normalised photo and its labels as 0 and 1 per class. */
export interface Sample {
  readonly image: HostTensor;
  readonly labels: Float32Array;
}

export interface Batch {
  /** `[n, size, size, 3]`. */
  readonly images: HostTensor;
  /** `[n, C]`. */
  readonly labels: HostTensor;
}

/** What the classifier may see of a scene: the photo and the image-level labels. The mask stays behind. */
export async function sampleOf({ image, labels }: Scene, preprocess: Preprocess): Promise<Sample> {
  return {
    image: await normalizeImage(image, preprocess),
    labels: Float32Array.from(CLASSES, (name) => (labels.includes(name) ? 1 : 0)),
  };
}

/** One batch, in the order given; with random numbers, each photo turned and mirrored at random. */
export function batchOf(samples: readonly Sample[], random?: Random): Batch {
  const [size] = samples[0]!.image.shape as [number, number, number];
  const images = new Float32Array(samples.length * size * size * 3);
  const labels = new Float32Array(samples.length * CLASSES.length);
  for (const [i, sample] of samples.entries()) {
    const way = random ? random.integer(0, 7) : 0;
    turn(sample.image.values, size, way, images.subarray(i * size * size * 3));
    labels.set(sample.labels, i * CLASSES.length);
  }
  return {
    images: hostTensor(images, [samples.length, size, size, 3]),
    labels: hostTensor(labels, [samples.length, CLASSES.length]),
  };
}

/** Batches of one epoch in a random order; the few that do not fill a batch wait for the next epoch. */
export function shuffledBatches(samples: readonly Sample[], batchSize: number, random: Random) {
  const order = random.shuffle([...samples]);
  const length = Math.floor(samples.length / batchSize);
  return {
    length,
    *[Symbol.iterator](): Generator<Batch> {
      for (let b = 0; b < length; b++) yield batchOf(order.slice(b * batchSize, (b + 1) * batchSize), random);
    },
  };
}

/** One of the eight ways to lay a square photo: bit 0 mirrors left and right, bit 1 up and down, bit 2 swaps x and y. */
function turn(values: Float32Array, size: number, way: number, out: Float32Array): void {
  const right = 3 * (way & 4 ? size : 1) * (way & 1 ? -1 : 1);
  const down = 3 * (way & 4 ? 1 : size) * (way & 2 ? -1 : 1);
  const start = (right < 0 ? -right * (size - 1) : 0) + (down < 0 ? -down * (size - 1) : 0);
  let o = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0, from = start + y * down; x < size; x++, from += right) {
      out[o++] = values[from]!;
      out[o++] = values[from + 1]!;
      out[o++] = values[from + 2]!;
    }
  }
}
