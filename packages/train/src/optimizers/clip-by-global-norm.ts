import { add, addN, div, minimum, mul, type Scalar, sqrt, square, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import type { Gradients } from './optimizer';

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
    const norm = sqrt(addN(present.map(([, gradient]) => sumOfSquares(gradient)))) as Scalar;
    const factor = minimum(1, div(maxNorm, add(norm, 1e-6)));
    return { gradients: Object.fromEntries(present.map(([name, value]) => [name, mul(value, factor)])), norm };
  });
}

/** In two stages, so that a long float32 sum does not lose its small addends. */
function sumOfSquares(gradient: Tensor): Scalar {
  const squares = square(gradient);
  return sum(gradient.rank > 1 ? sum(squares, -1) : squares);
}
