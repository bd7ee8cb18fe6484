import { mul, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import { ValueError } from '../errors';
import { type Random, random } from '../random';
import type { TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';

/**
 * Sets whole channels to zero, each with probability `rate`, and divides the others by (1 − rate): torch's Dropout2d
 * in training. In inference leave it out.
 *
 * @param x `[n, h, w, C]`; each image draws its own channels.
 * @param rate In [0, 1).
 * @param options.seed A number (the same channels each time) or a stream of random numbers (which moves on).
 * @throws {ValueError} if `rate` is out of range or the seed is not a whole number.
 *
 * Source: Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015, section 3.2.
 */
export function channelDropout(x: TensorInput, rate: number, { seed }: { seed: number | Random }): Tensor4D {
  const { n, C } = matchShape('channelDropout', 'x', x.shape, ['n', 'h', 'w', 'C']);
  if (!(rate >= 0 && rate < 1)) throw new ValueError('channelDropout', 'rate', 'to be in [0, 1)', rate);
  if (typeof seed !== 'number' && typeof seed?.next !== 'function') {
    throw new ValueError('channelDropout', 'seed', 'to be a whole number or a stream of random numbers', seed);
  }
  const stream = typeof seed === 'number' ? random(seed) : seed;
  const kept = new Float32Array(n * C);
  for (let i = 0; i < kept.length; i++) kept[i] = stream.next() < rate ? 0 : 1 / (1 - rate);
  return tidy(() => mul(floatTensor('channelDropout', 'x', x) as Tensor4D, tensor4d(kept, [n, 1, 1, C])));
}
