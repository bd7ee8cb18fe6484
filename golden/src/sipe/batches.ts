import { mul, type Scalar, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, type TypedArray } from '@wsss/core';
import type { ReferenceTensor } from '@wsss/testing';

/** Results of single images as one batch. */
export function stacked<A extends TypedArray>(images: readonly HostTensor<A>[]): HostTensor {
  const size = images[0]!.values.length;
  const values = new Float32Array(images.length * size);
  for (const [i, image] of images.entries()) values.set(Array.from(image.values as Float32Array), i * size);
  return hostTensor(values, [images.length, ...images[0]!.shape]);
}

/** Σ output · weights, whose gradient in the output is the weights. */
export function weighted(output: Tensor, { values, shape }: ReferenceTensor): Scalar {
  return sum(mul(output, tensor(values as Float32Array, [...shape]))) as Scalar;
}

/** One-hot seeds `[n, h, w, K]` of the reference as the numbers of their channels, 255 for none. */
export function seedNumbers({ values, shape }: ReferenceTensor): { values: Uint8Array; shape: number[] } {
  const channels = shape.at(-1)!;
  const numbers = new Uint8Array(values.length / channels).fill(255);
  for (let i = 0; i < values.length; i++) {
    if (Number(values[i]) === 1) numbers[Math.floor(i / channels)] = i % channels;
  }
  return { values: numbers, shape: shape.slice(0, -1) };
}

/** The classes of each image of a batch, from 1, by its labels `[n, C]`. */
export function classesOf({ values, shape: [n, C] }: ReferenceTensor<Float32Array>): number[][] {
  return Array.from({ length: n! }, (_, i) =>
    Array.from({ length: C! }, (_, c) => c + 1).filter((c) => values[i * C! + c - 1] === 1),
  );
}

/** Maps of the background and some classes, `[h, w, 1 + classes.length]`, among all channels, the others 0. */
export function allChannels(maps: HostTensor, classes: readonly number[], channels: number): HostTensor {
  const [h, w, K] = maps.shape as [number, number, number];
  const values = new Float32Array(h * w * channels);
  for (let i = 0; i < maps.values.length; i++) {
    const channel = [0, ...classes][i % K]!;
    values[Math.floor(i / K) * channels + channel] = maps.values[i]!;
  }
  return hostTensor(values, [h, w, channels]);
}
