import { finiteValues, type HostTensor, IMAGENET_PREPROCESS, type TensorLike } from '@wsss/core';
import { finishMaps } from './finish-maps';
import type { CamMethodOptions, ProbedModel } from './probed-model';
import { activationsOf, gradientOf, normalizedImage, takeValues } from './run-model';

/**
 * One method of the family: activations and the gradient of a class's score, both `[cells, F]`, to a map `[cells]` of any
 * sign.
 */
export type GradientFormula = (activations: Float32Array, gradient: Float32Array, channels: number) => Float32Array;

/** What the gradient methods share: the activations once, the gradient once per class, and the way to the photo's size. */
export async function gradientMaps(
  where: string,
  model: ProbedModel,
  image: TensorLike,
  { classes, layer, preprocess = IMAGENET_PREPROCESS }: CamMethodOptions,
  formula: GradientFormula,
): Promise<HostTensor> {
  // TensorFlow.js registers no gradients by itself in Node, and its WASM backend lacks some.
  await import('@wsss/backend/gradients');
  const x = await normalizedImage(where, image, preprocess);
  try {
    const { activations, scores } = activationsOf(where, model, x, layer, classes);
    scores.dispose();
    try {
      const [, height, width, channels] = activations.shape;
      const values = await finiteValues(where, `output of '${layer}'`, activations);
      const maps: Float32Array[] = [];
      for (const index of classes) {
        const gradient = gradientOf(where, model, x, layer, activations, index);
        const slopes = await takeValues(where, `gradient at '${layer}'`, gradient);
        maps.push(formula(values, slopes, channels));
      }
      return finishMaps(maps, [height, width], [image.shape[0]!, image.shape[1]!]);
    } finally {
      activations.dispose();
    }
  } finally {
    x.dispose();
  }
}
