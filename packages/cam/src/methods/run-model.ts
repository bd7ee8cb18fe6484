import {
  clone,
  engine,
  mul,
  oneHot,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import {
  finiteValues,
  matchShape,
  normalizeImage,
  type Preprocess,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { checkClasses } from '../check-classes';
import type { Probe, ProbedModel } from './probed-model';

/** A photo as the model wants it, `[1, h, w, 3]`. */
export async function normalizedImage(where: string, image: TensorLike, preprocess: Preprocess): Promise<Tensor4D> {
  const { h, w } = matchShape(where, 'image', image.shape, ['h', 'w', 3], {}, 'Photos are RGB, one at a time.');
  const { values } = await normalizeImage(image, preprocess);
  return tensor4d(values, [1, h, w, 3]);
}

/** Runs the model and checks its scores: `[n, C]`, all classes among them. Call it inside `tidy`. */
export function scoresOf(
  where: string,
  model: ProbedModel,
  images: Tensor4D,
  classes: readonly number[] | undefined,
  probe: Probe,
): Tensor2D {
  const scores = model(images, probe);
  const { C } = matchShape(where, 'scores of the model', scores?.shape, [images.shape[0], 'C']);
  if (classes) checkClasses(where, classes, C);
  return scores;
}

/** What a layer gives for an image, and the scores. */
export function activationsOf(
  where: string,
  model: ProbedModel,
  image: Tensor4D,
  layer: string,
  classes?: readonly number[],
): { activations: Tensor4D; scores: Tensor2D } {
  return tidy(() => {
    const seen: string[] = [];
    let activations: Tensor4D | undefined;
    const scores = scoresOf(where, model, image, classes, (name, output) => {
      if (name === layer) activations = clone(output);
      seen.push(name);
      return output;
    });
    checkSeen(where, layer, seen);
    const { shape } = activations!;
    if (shape.length !== 4 || shape[0] !== 1 || shape.includes(0)) {
      throw new ShapeError(where, `output of '${layer}'`, [1, "h'", "w'", 'F'], shape);
    }
    return { activations: activations!, scores: clone(scores) };
  });
}

/** The gradient of one class's score with respect to what a layer gives. */
export function gradientOf(
  where: string,
  model: ProbedModel,
  image: Tensor4D,
  layer: string,
  activations: Tensor4D,
  index: number,
): Tensor4D {
  const score = (given: Tensor): Tensor => {
    const scores = model(image, (name, output) => (name === layer ? (given as Tensor4D) : output));
    return classScore(scores, index);
  };
  return gradientsOf(where, score, [activations], [`output of '${layer}'`])[0] as Tensor4D;
}

/**
 * The gradients of a scalar function. TensorFlow.js's own `grads` keeps tensors for ever where there is none.
 *
 * @param names What the arguments are, for the message.
 * @throws {ValueError} if the function does not depend on one of them.
 */
export function gradientsOf(
  where: string,
  score: (...given: Tensor[]) => Tensor,
  at: readonly Tensor[],
  names: readonly string[],
): Tensor[] {
  return tidy(() => {
    const given = [...at];
    const { grads } = engine().gradients(() => score(...given), given, undefined, true);
    for (const [i, slope] of (grads as (Tensor | undefined)[]).entries()) {
      if (slope) continue;
      const hint = 'The model must go on with what its probe returns.';
      throw new ValueError(where, 'model', `to have scores that depend on the ${names[i]}`, 'other scores', hint);
    }
    return grads;
  });
}

/** One class's score, summed over the images. */
export function classScore(scores: Tensor2D, index: number): Tensor {
  return sum(mul(scores, oneHot(tensor1d([index - 1], 'int32'), scores.shape[1])));
}

/** The values of a tensor, which is disposed. */
export async function takeValues(where: string, what: string, tensor: Tensor): Promise<Float32Array> {
  try {
    return await finiteValues(where, what, tensor);
  } finally {
    tensor.dispose();
  }
}

/** Says that a layer was not probed, or more than once. */
export function checkSeen(where: string, layer: string, seen: readonly string[]): void {
  const count = seen.filter((name) => name === layer).length;
  if (count === 1) return;
  const names = [...new Set(seen)].join(', ') || 'none';
  const expected = count === 0 ? 'to be a layer that the model probes' : 'to be probed once, not again and again';
  throw new ValueError(where, 'layer', expected, layer, `The model probes: ${names}.`);
}
