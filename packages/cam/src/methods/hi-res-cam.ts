import type { HostTensor, TensorLike } from '@wsss/core';
import { type GradientFormula, gradientMaps } from './gradient-maps';
import type { CamMethodOptions, ProbedModel } from './probed-model';

/**
 * HiResCAM: every cell weighed by its own gradient, M_i = (Σ_f A_if ∂y / ∂A_if)⁺: what the cell contributes to the score,
 * where the rest of the network is linear.
 *
 * @param model Any network written as a function; see {@link ProbedModel}.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]`, the positive part at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if a class or the layer is unknown, or a value is not finite.
 *
 * Source: Draelos & Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations" (2020).
 */
export function hiResCam(model: ProbedModel, image: TensorLike, options: CamMethodOptions): Promise<HostTensor> {
  return gradientMaps('hiResCam', model, image, options, formula);
}

const formula: GradientFormula = (activations, gradient, F) => {
  const map = new Float32Array(activations.length / F);
  for (let i = 0; i < activations.length; i++) map[Math.floor(i / F)]! += gradient[i]! * activations[i]!;
  return map;
};
