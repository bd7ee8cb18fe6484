import { avgPool, pad as padTensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import type { TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';
import { checkWindow, type PoolOptions } from './max-pool2d';
import type { Pair } from './pair';
import { placeWindow } from './window';

/**
 * The mean of each window, as torch's `avg_pool2d`: outside the image is 0, and counts.
 *
 * @param x `[n, h, w, C]`.
 * @param size Of the window: a number or `[h, w]`.
 * @returns `[n, h', w', C]`, h' = ⌊(h + 2·padding − size) / stride⌋ + 1.
 * @throws {ShapeError} if the window is larger than the padded image.
 * @throws {ValueError} if the padding is more than half the window.
 */
export function averagePool2d(x: TensorInput, size: Pair, { stride = size, padding = 0 }: PoolOptions = {}): Tensor4D {
  matchShape('averagePool2d', 'x', x.shape, ['n', 'h', 'w', 'C']);
  const kernel = checkWindow('averagePool2d', size, padding);
  const { strides, pad } = placeWindow('averagePool2d', x.shape, kernel, { stride, padding });
  return tidy(() => {
    const input = floatTensor('averagePool2d', 'x', x) as Tensor4D;
    // Padded apart: the average pool of TensorFlow.js divides by the number of cells inside the image.
    return avgPool(pad === 'valid' ? input : padTensor(input, pad), kernel, strides, 'valid');
  });
}
