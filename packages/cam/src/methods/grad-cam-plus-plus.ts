import type { HostTensor, TensorLike } from '@wsss/core';
import { type GradientFormula, gradientMaps } from './gradient-maps';
import type { CamMethodOptions, ProbedModel } from './probed-model';
import { channelSums, weightedSum } from './weighted-sum';

/**
 * Grad-CAM++: channels weighed by their positive gradients, w_f = Σ_i α_if (∂y / ∂A_if)⁺, with
 * α = g² / (2 g² + g³ Σ_i A_if) for g = ∂y / ∂A_if; α is 0 where its divisor is.
 *
 * @param model Any network written as a function; see {@link ProbedModel}.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]`, the positive part at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if a class or the layer is unknown, or a value is not finite.
 *
 * Source: Chattopadhay et al., "Grad-CAM++" (WACV 2018), eq. 7 and 19.
 */
export function gradCamPlusPlus(model: ProbedModel, image: TensorLike, options: CamMethodOptions): Promise<HostTensor> {
  return gradientMaps('gradCamPlusPlus', model, image, options, formula);
}

const formula: GradientFormula = (activations, gradient, F) => {
  const totals = channelSums(activations.length, F, (i) => activations[i]!);
  const weights = channelSums(gradient.length, F, (i) => {
    const g = gradient[i]!;
    // g² is cancelled, so that it cannot underflow.
    const divisor = 2 + g * totals[i % F]!;
    return g > 0 && divisor !== 0 ? g / divisor : 0;
  });
  return weightedSum(activations, weights);
};
