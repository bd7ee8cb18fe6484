import { finiteValues, type HostTensor, IMAGENET_PREPROCESS, type TensorLike } from '@wsss/core';
import { finishMaps } from './finish-maps';
import { firstSingularVector } from './first-singular-vector';
import type { CamMethodOptions, ProbedModel } from './probed-model';
import { activationsOf, normalizedImage } from './run-model';
import { weightedSum } from './weighted-sum';

/**
 * Eigen-CAM: the activations `[cells, F]` projected on their first right singular vector, M = (A v₁)⁺; of the two signs
 * the one with the larger sum. It knows no classes and needs no gradients.
 *
 * @param model Any network written as a function; see {@link ProbedModel}.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, 1]`, the positive part at the size of the photo, divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if the layer is unknown, or a value is not finite.
 *
 * Source: Muhammad & Yeasin, "Eigen-CAM" (IJCNN 2020).
 */
export async function eigenCam(
  model: ProbedModel,
  image: TensorLike,
  { layer, preprocess = IMAGENET_PREPROCESS }: Omit<CamMethodOptions, 'classes'>,
): Promise<HostTensor> {
  const x = await normalizedImage('eigenCam', image, preprocess);
  try {
    const { activations, scores } = activationsOf('eigenCam', model, x, layer);
    scores.dispose();
    try {
      const [, height, width, channels] = activations.shape;
      const values = await finiteValues('eigenCam', `output of '${layer}'`, activations);
      const map = weightedSum(values, firstSingularVector(values, height * width, channels));
      if (map.reduce((sum, value) => sum + value, 0) < 0) for (let i = 0; i < map.length; i++) map[i] = -map[i]!;
      return finishMaps([map], [height, width], [image.shape[0]!, image.shape[1]!]);
    } finally {
      activations.dispose();
    }
  } finally {
    x.dispose();
  }
}
