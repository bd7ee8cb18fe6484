import { type HostTensor, resizeBicubic } from '@wsss/core';

/** Resized in proportion, so that the longest side is `side` pixels. */
export async function resizeLongSide(image: HostTensor<Uint8Array>, side: number): Promise<HostTensor<Uint8Array>> {
  const [height, width] = image.shape as [number, number, number];
  const scale = side / Math.max(height, width);
  return resizeBicubic(image, [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))]);
}
