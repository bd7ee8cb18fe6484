import { maxPool, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import { ValueError } from '../errors';
import type { TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';
import { type Pair, pair } from './pair';
import { placeWindow } from './window';

export interface PoolOptions {
  /** @default the size of the window */
  stride?: Pair;
  /** On both sides alike, at most half the window: a number or `[h, w]`. @default 0 */
  padding?: Pair;
}

/**
 * The maximum of each window, as torch's `max_pool2d`: outside the image is −∞.
 *
 * @param x `[n, h, w, C]`.
 * @param size Of the window: a number or `[h, w]`.
 * @param options.ceilMode torch's `ceil_mode`: a last window may end beyond the padding. @default false
 * @returns `[n, h', w', C]`, h' = ⌊(h + 2·padding − size) / stride⌋ + 1.
 * @throws {ShapeError} if the window is larger than the padded image.
 * @throws {ValueError} if the padding is more than half the window.
 */
export function maxPool2d(
  x: TensorInput,
  size: Pair,
  { stride = size, padding = 0, ceilMode = false }: PoolOptions & { ceilMode?: boolean } = {},
): Tensor4D {
  matchShape('maxPool2d', 'x', x.shape, ['n', 'h', 'w', 'C']);
  const kernel = checkWindow('maxPool2d', size, padding);
  const { strides, pad } = placeWindow('maxPool2d', x.shape, kernel, { stride, padding, ceilMode });
  return tidy(() => maxPool(floatTensor('maxPool2d', 'x', x) as Tensor4D, kernel, strides, pad));
}

/** @throws {ValueError} if a window could lie outside the image altogether. */
export function checkWindow(where: string, size: Pair, padding: Pair): [number, number] {
  const kernel = pair(where, 'size', size, 1);
  const [h, w] = pair(where, 'padding', padding, 0);
  if (2 * h > kernel[0] || 2 * w > kernel[1]) {
    throw new ValueError(where, 'padding', 'to be at most half the window', padding);
  }
  return kernel;
}
