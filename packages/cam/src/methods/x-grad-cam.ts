import type { HostTensor, TensorLike } from '@wsss/core';
import { type GradientFormula, gradientMaps } from './gradient-maps';
import type { CamMethodOptions, ProbedModel } from './probed-model';
import { channelSums, weightedSum } from './weighted-sum';

/**
 * XGrad-CAM: channels weighed by the gradients where they are active, w_f = Σ_i A_if ∂y / ∂A_if / Σ_i A_if; 0 where a
 * channel adds up to 0.
 *
 * @param model Any network written as a function; see {@link ProbedModel}.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]`, the positive part at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if a class or the layer is unknown, or a value is not finite.
 *
 * Source: Fu et al., "Axiom-based Grad-CAM" (BMVC 2020).
 */
export function xGradCam(model: ProbedModel, image: TensorLike, options: CamMethodOptions): Promise<HostTensor> {
  return gradientMaps('xGradCam', model, image, options, formula);
}

const formula: GradientFormula = (activations, gradient, F) => {
  const totals = channelSums(activations.length, F, (i) => activations[i]!);
  const products = channelSums(activations.length, F, (i) => activations[i]! * gradient[i]!);
  return weightedSum(
    activations,
    products.map((product, f) => (totals[f] === 0 ? 0 : product / totals[f]!)),
  );
};
