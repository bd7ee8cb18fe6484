import { dispose, type NamedTensorMap, tidy } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../optimizers/optimizer';
import { scaleToNorm, squaredNorms } from '../optimizers/squared-norms';
import { NonFiniteLossError } from './non-finite-loss-error';

/**
 * The gradients of a step, each of them finite, clipped where that is asked for. Takes those it is given over.
 *
 * A finite loss can have a gradient that is not (a root at 0, say), which would spoil the parameters for good.
 *
 * @throws {NonFiniteLossError} naming the parameter.
 */
export async function soundGradients(
  optimizer: Optimizer,
  step: number,
  gradients: NamedTensorMap,
  clip: number | undefined,
): Promise<NamedTensorMap> {
  const squares = squaredNorms(Object.values(gradients));
  try {
    const values = await squares.data();
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const variable = Object.keys(gradients)[bad];
      const [name] = [...optimizer.parameters].find(([, { name }]) => name === variable)!;
      throw new NonFiniteLossError(step + 1, `gradient of '${name}'`, values[bad]!);
    }
    if (clip === undefined) return gradients;
    const clipped = tidy(() => scaleToNorm(gradients, squares, clip).gradients);
    dispose(gradients);
    return clipped;
  } catch (error) {
    dispose(gradients);
    throw error;
  } finally {
    squares.dispose();
  }
}
