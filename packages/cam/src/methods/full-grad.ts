import { finiteValues, type HostTensor, IMAGENET_PREPROCESS, matchShape, type TensorLike } from '@wsss/core';
import { resizeBilinear } from '@wsss/core/kernels';
import { finishMaps } from './finish-maps';
import { fullGradient, outputShapes } from './full-gradient';
import type { CamMethodOptions, ProbedModel } from './probed-model';
import { normalizedImage, takeValues } from './run-model';

export interface FullGradOptions extends Omit<CamMethodOptions, 'layer'> {
  /**
   * The biases `[F]` of the layers that have one, by the names under which the model probes the outputs that they were
   * added to, before the activation. A batch norm's is beta − mean · gamma / √(variance + ε).
   */
  readonly biases: Readonly<Record<string, TensorLike>>;
}

/**
 * FullGrad: what the photo's values and the biases of all layers contribute to a score, S = ψ(x ∘ ∂y/∂x) +
 * Σ_l Σ_f ψ(b_lf · ∂y/∂z_lf), where z_l is the output that bias b_l was added to, and ψ takes the absolute value, brings
 * it to 0..1 over all cells and channels of the layer, and enlarges it (bilinear, aligned corners).
 *
 * @param model Any network written as a function, piecewise linear; see {@link ProbedModel}.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]` at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or a bias have another shape.
 * @throws {ValueError} if a class or a layer is unknown, or a value is not finite.
 *
 * Source: Srinivas & Fleuret, "Full-gradient representation for neural network visualization" (NeurIPS 2019), eq. 5 and
 * 6, and ψ as in its authors' code.
 */
export async function fullGrad(
  model: ProbedModel,
  image: TensorLike,
  { classes, biases, preprocess = IMAGENET_PREPROCESS }: FullGradOptions,
): Promise<HostTensor> {
  const where = 'fullGrad';
  await import('@wsss/backend/gradients');
  const layers = Object.keys(biases);
  const given = await Promise.all(layers.map((layer) => finiteValues(where, `biases.${layer}`, biases[layer]!)));
  const x = await normalizedImage(where, image, preprocess);
  try {
    const [, h, w] = x.shape;
    const shapes = outputShapes(where, model, x, classes, layers);
    for (const [l, layer] of layers.entries()) {
      matchShape(where, `biases.${layer}`, biases[layer]!.shape, [shapes[l]![3]]);
    }
    const maps: Float32Array[] = [];
    for (const index of classes) {
      const map = new Float32Array(h * w);
      const parts = fullGradient(where, model, x, layers, shapes, given, index);
      const names = ['the image', ...layers.map((layer) => `'${layer}'`)];
      const read = parts.map((part, i) => takeValues(where, `gradient of ${names[i]}`, part));
      for (const [i, values] of (await Promise.all(read)).entries()) {
        const [, height, width, channels] = parts[i]!.shape;
        addRescaled(map, values, [height, width, channels], [h, w]);
      }
      maps.push(map);
    }
    return finishMaps(maps, [h, w], [h, w]);
  } finally {
    x.dispose();
  }
}

/** Adds ψ of a part, summed over its channels, to the map. */
function addRescaled(
  map: Float32Array,
  part: Float32Array,
  from: readonly [number, number, number],
  to: readonly [number, number],
): void {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of part) {
    low = Math.min(low, Math.abs(value));
    high = Math.max(high, Math.abs(value));
  }
  if (high === low) return; // It says nothing about places: brought to 0..1, all of it is 0.
  const sums = new Float32Array(from[0] * from[1]);
  for (const [i, value] of part.entries()) sums[Math.floor(i / from[2])]! += (Math.abs(value) - low) / (high - low);
  const enlarged = resizeBilinear(sums, [from[0], from[1], 1], to, true);
  for (let i = 0; i < map.length; i++) map[i]! += enlarged[i]!;
}
