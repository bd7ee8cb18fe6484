import {
  type NamedTensorMap,
  type Scalar,
  scalar,
  Tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '@wsss/core';

/**
 * The loss and its gradients in the trainable ones of some variables. Both belong to the caller.
 *
 * @throws {ValueError} if no variable is trainable, `loss` returns no tensor, or it depends on none of them.
 * @throws {ShapeError} if the loss is not a scalar.
 */
export function lossGradients(
  where: string,
  variables: Iterable<Variable>,
  loss: () => Scalar,
): { loss: Scalar; gradients: NamedTensorMap } {
  const trainable = [...variables].filter((variable) => variable.trainable);
  if (trainable.length === 0) throw new ValueError(where, 'parameters', 'to hold a trainable one', 'only frozen ones');
  let thrown: { error: unknown } | undefined;
  let returned = false;
  try {
    // In `tidy`, because `variableGrads` loses its value where it throws.
    const { value, grads } = tidy(() =>
      variableGrads(() => {
        try {
          const value = checkScalar(where, 'loss', loss());
          returned = true;
          return value;
        } catch (error) {
          // Thrown on below. Leaving here would leak what the operations saved for the way back.
          thrown = { error };
          return scalar(0);
        }
      }, trainable),
    );
    return { loss: value, gradients: grads };
  } catch (error) {
    if (thrown) throw thrown.error;
    if (!returned || !(error instanceof Error && error.message.startsWith('Cannot find a connection'))) throw error;
    const hint = 'Its value was computed without any of the trainable variables that the optimiser was given.';
    throw new ValueError(where, 'loss', 'to depend on a trainable parameter', 'one that does not', hint);
  }
}

/** Checks what a loss function returned. */
export function checkScalar(where: string, argument: string, value: unknown): Scalar {
  if (!(value instanceof Tensor)) throw new ValueError(where, argument, 'to return a scalar tensor', value);
  if (value.rank !== 0) throw new ShapeError(where, argument, [], value.shape, 'Take the mean of it.');
  return value as Scalar;
}
