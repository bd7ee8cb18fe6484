import type { HostTensor, TensorLike } from '@wsss/core';
import { type GradientFormula, gradientMaps } from './gradient-maps';
import type { CamMethodOptions, ProbedModel } from './probed-model';

/**
 * LayerCAM: every cell weighed by its own positive gradient, M_i = (Σ_f (∂y / ∂A_if)⁺ A_if)⁺; fit for early layers too.
 *
 * @param model Any network written as a function; see {@link ProbedModel}.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]`, the positive part at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if a class or the layer is unknown, or a value is not finite.
 *
 * Source: Jiang et al., "LayerCAM" (IEEE Transactions on Image Processing 2021).
 */
export function layerCam(model: ProbedModel, image: TensorLike, options: CamMethodOptions): Promise<HostTensor> {
  return gradientMaps('layerCam', model, image, options, formula);
}

const formula: GradientFormula = (activations, gradient, F) => {
  const map = new Float32Array(activations.length / F);
  for (let i = 0; i < activations.length; i++) {
    map[Math.floor(i / F)]! += Math.max(0, gradient[i]!) * activations[i]!;
  }
  return map;
};
