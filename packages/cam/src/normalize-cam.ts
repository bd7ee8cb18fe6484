import { add, div, min, type Rank, relu, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { floatTensor, maxFirst, type TensorInput } from '@wsss/core/tensor';
import { checkMaps } from './check-maps';

/** How maps are brought into [0, 1]; with M⁺ = max(M, 0): see {@link normalizeCam}. */
export type CamNormalization = 'max' | 'minmax' | 'seam';

export interface NormalizeCamOptions {
  /** @default 'max' */
  readonly mode?: CamNormalization;
  /** What keeps the divisor from 0. @default 1e-5 */
  readonly epsilon?: number;
}

/**
 * Brings maps into [0, 1), each channel of each image by itself. With M⁺ = max(M, 0), and extremes over all cells:
 * - `'max'`: M⁺ / (max M⁺ + ε), as PSA, IRN and SIPE do;
 * - `'minmax'`: (M⁺ − min M⁺) / (max M⁺ − min M⁺ + ε);
 * - `'seam'`: max(M⁺ − min M⁺ − ε, 0) / (max M⁺ − min M⁺ + ε).
 *
 * A map without a positive value becomes 0 everywhere, in every mode; so does a constant one, but c / (c + ε) in
 * `'max'`.
 *
 * @param maps Any finite values, `[h, w, C]` or `[n, h, w, C]`.
 * @returns The same shape. The highest value stays below 1, by ε / (max + ε).
 * @throws {ShapeError} if `maps` has another rank, or no cell.
 * @throws {ValueError} if the mode is unknown, or `epsilon` is below 1e-30.
 *
 * Source: PSA's `infer_cls.py`, SEAM's `max_norm`.
 */
export function normalizeCam<R extends Rank = Rank.R3>(
  maps: TensorInput<R>,
  { mode = 'max', epsilon = 1e-5 }: NormalizeCamOptions = {},
): Tensor<R> {
  const where = 'normalizeCam';
  const axes = checkMaps(where, 'maps', maps.shape).cellAxes;
  if (!['max', 'minmax', 'seam'].includes(mode)) {
    throw new ValueError(where, 'mode', "to be 'max', 'minmax' or 'seam'", mode);
  }
  if (!(epsilon >= 1e-30 && Number.isFinite(epsilon))) {
    throw new ValueError(where, 'epsilon', 'to be at least 1e-30', epsilon, 'A float of 32 bits must tell it from 0.');
  }
  return tidy(() => {
    const positive = relu(floatTensor(where, 'maps', maps));
    const high = maxFirst(positive, axes, { keepDims: true });
    if (mode === 'max') return div(positive, add(high, epsilon)) as Tensor<R>;
    const low = min(positive, axes, true);
    const risen = sub(positive, low);
    return div(mode === 'seam' ? relu(sub(risen, epsilon)) : risen, add(sub(high, low), epsilon)) as Tensor<R>;
  });
}
