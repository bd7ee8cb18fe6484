import type { HostTensor, TensorLike } from '@wsss/core';
import { type GradientFormula, gradientMaps } from './gradient-maps';
import type { CamMethodOptions, ProbedModel } from './probed-model';
import { channelSums, weightedSum } from './weighted-sum';

/**
 * Grad-CAM: channels weighed by the mean of their gradient, M = (Σ_f w_f A_f)⁺ with w_f = mean_i ∂y / ∂A_if. With a global
 * average pool and a linear layer behind the layer it is the class activation map.
 *
 * @param model Any network written as a function; see {@link ProbedModel}.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]`, the positive part at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if a class or the layer is unknown, or a value is not finite.
 *
 * Source: Selvaraju et al., "Grad-CAM" (ICCV 2017), eq. 1 and 2.
 */
export function gradCam(model: ProbedModel, image: TensorLike, options: CamMethodOptions): Promise<HostTensor> {
  return gradientMaps('gradCam', model, image, options, formula);
}

const formula: GradientFormula = (activations, gradient, F) =>
  // Sums for means: the map is divided by its maximum afterwards.
  weightedSum(
    activations,
    channelSums(gradient.length, F, (i) => gradient[i]!),
  );
