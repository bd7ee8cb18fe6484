import { type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import type { Gradients } from './optimizer';
import { scaleToNorm, squaredNorms } from './squared-norms';

/**
 * Scales gradients so that their common L2 norm is at most `maxNorm`: g ← g · min(1, maxNorm / (‖g‖ + 1e-6)).
 * Reads nothing back from the device.
 *
 * @param gradients By name; entries without a gradient stay away. Not disposed.
 * @returns The scaled gradients, and the norm before.
 * @throws {ValueError} if `maxNorm` is not positive or there is no gradient.
 *
 * Source: `torch.nn.utils.clip_grad_norm_`; Pascanu et al., ICML 2013.
 */
export function clipByGlobalNorm(
  gradients: Gradients,
  maxNorm: number,
): { gradients: Record<string, Tensor>; norm: Scalar } {
  const where = 'clipByGlobalNorm';
  if (!(maxNorm > 0)) throw new ValueError(where, 'maxNorm', 'to be positive', maxNorm);
  const present = Object.entries(gradients).filter((entry): entry is [string, Tensor] => Boolean(entry[1]));
  if (present.length === 0) throw new ValueError(where, 'gradients', 'to hold at least one', 'none');
  return tidy(() => {
    const squares = squaredNorms(present.map(([, gradient]) => gradient));
    return scaleToNorm(Object.fromEntries(present), squares, maxNorm);
  });
}
