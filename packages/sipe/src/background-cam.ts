import { type HostTensor, hostTensor, type TensorLike } from '@wsss/core';
import { finiteFloats, hostMap, mapSizes } from './check-map';
import { EPSILON } from './epsilon';
import { backgroundCam as kernel } from './kernels/background-cam';

export interface BackgroundCamOptions {
  /** What the result is multiplied with, `[h, w, C + 1]`: 0 in padding, and for absent classes. */
  readonly mask?: TensorLike;
}

/**
 * Activations in [0, 1) with the background in front: A_c = M_c⁺ / (max M_c⁺ + 1e-5) for each class, and
 * A_0 = 1 − max_c A_c, over all the classes given.
 *
 * @param maps Class maps before their ReLU, `[h, w, C]`.
 * @returns `[h, w, C + 1]`. Maps without a positive value give 0, and 1 for the background.
 * @throws {ShapeError} if a shape is another.
 * @throws {ValueError} if a value is NaN or infinite.
 *
 * Source: Chen et al., SIPE (CVPR 2022), the released code's class `Net`.
 */
export async function backgroundCam(maps: TensorLike, { mask }: BackgroundCamOptions = {}): Promise<HostTensor> {
  const where = 'backgroundCam';
  const { values, h, w, C } = await hostMap(where, 'maps', maps, 'C');
  if (mask) mapSizes(where, 'mask', mask, 'K', { h, w, K: C + 1 });
  const out = kernel(values, C, EPSILON);
  if (mask) {
    const kept = await finiteFloats(where, 'mask', mask);
    for (let i = 0; i < out.length; i++) out[i]! *= kept[i]!;
  }
  return hostTensor(out, [h, w, C + 1]);
}
