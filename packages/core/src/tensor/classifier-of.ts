import type { Variable } from '@tensorflow/tfjs-core';
import type { Classifier } from '../classifier';
import { ShapeError, ValueError } from '../errors';
import type { TensorLike } from '../tensor-like';
import type { Backbone } from './backbone';
import { featureFunction } from './feature-function';

/**
 * The classifier that a network holds: the features of its last tap, and the weights of its head, which also turn
 * features into class activation maps.
 *
 * @param backbone A network made with `{ classes }`. Only lent: keep it undisposed as long as the classifier is in use.
 * @returns Its weights `[C, F]` are those of the moment they are read, so training and loading show.
 * @throws {ValueError} if the network has no head.
 * @throws {ShapeError} if its head is not linear in the features of the tap.
 */
export function classifierOf(backbone: Backbone): Classifier {
  const { classifierWeights: name, classifierTap: tap, activation } = backbone;
  const head = name === undefined ? undefined : backbone.parameters.get(name);
  if (!head) {
    const hint = 'Make the network with { classes }, so that it holds the official head.';
    throw new ValueError('classifierOf', 'backbone.classifierWeights', 'to name one of its parameters', name, hint);
  }
  const F = backbone.taps[tap]!.channels;
  const C = head.shape.at(-1)!;
  const linear = head.shape.length === 2 || (head.shape.length === 4 && head.shape[0] === 1 && head.shape[1] === 1);
  if (!linear || head.shape.at(-2) !== F) {
    throw new ShapeError('classifierOf', 'backbone', `to have weights [1, 1, ${F}, C] or [${F}, C]`, head.shape);
  }
  return {
    features: featureFunction(backbone, { taps: [tap] }),
    tap,
    weights: transposed(head, F, C),
    ...(activation && { activation }),
  };
}

/** A view of weights `[…, F, C]` as `[C, F]`. */
function transposed(head: Variable, F: number, C: number): TensorLike {
  return {
    shape: [C, F],
    dtype: 'float32',
    async data() {
      const values = await head.data();
      const rows = new Float32Array(C * F);
      for (let f = 0; f < F; f++) for (let c = 0; c < C; c++) rows[c * F + f] = values[f * C + c]!;
      return rows;
    },
  };
}
