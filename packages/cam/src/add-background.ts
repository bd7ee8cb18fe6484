import { concat, pow, type Rank, relu, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { floatTensor, maxFirst, type TensorInput } from '@wsss/core/tensor';
import { checkMaps } from './check-maps';

export interface AddBackgroundOptions {
  /** α: the larger, the weaker the background. PSA takes 16 before the random walk, 4 and 32 before the CRF. @default 16 */
  readonly alpha?: number;
}

/**
 * Prepends a background channel to normalised maps, M_bg = (1 − max_c M_c)^α.
 *
 * @param maps In [0, 1], `[h, w, C]` or `[n, h, w, C]`. Above 1 the background is 0.
 * @returns Background first, `[h, w, C + 1]` or `[n, h, w, C + 1]`.
 * @throws {ShapeError} if `maps` has another rank, or no cell or channel.
 * @throws {ValueError} if `alpha` is not positive.
 *
 * Source: Ahn & Kwak, "Learning pixel-level semantic affinity with image-level supervision" (CVPR 2018), the background activation map.
 */
export function addBackground<R extends Rank = Rank.R3>(
  maps: TensorInput<R>,
  { alpha = 16 }: AddBackgroundOptions = {},
): Tensor<R> {
  const { channelAxis } = checkMaps('addBackground', 'maps', maps.shape);
  if (!(alpha > 0 && Number.isFinite(alpha))) throw new ValueError('addBackground', 'alpha', 'to be positive', alpha);
  return tidy(() => {
    const foreground = floatTensor('addBackground', 'maps', maps);
    const background = pow(relu(sub(1, maxFirst(foreground, channelAxis, { keepDims: true }))), alpha);
    return concat([background, foreground], channelAxis) as Tensor<R>;
  });
}
