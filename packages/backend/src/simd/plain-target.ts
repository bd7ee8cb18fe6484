import type { Target } from './convolve';

/** All pixels of a tensor `[n, h, w, c]`. */
export function plainTarget(address: number, shape: readonly number[]): Target {
  const [, height, width, channels] = shape as [number, number, number, number];
  const column = channels * 4;
  return { address, channels, column, row: column * width, image: column * width * height };
}
