import { byteValues, type HostTensor, hostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { hostMap, mapSizes } from './check-map';
import { prototypes as kernel } from './kernels/prototypes';

/**
 * An image's own prototype of each class: p_k = (1 / N) Σ_{i: seed_i = k} F_i, over its N cells. Divided by all cells,
 * as in the released code, not by those of the class: only its direction is used.
 *
 * @param features `[h, w, F]`.
 * @param seeds Channel numbers, 255 for none, as `structureSeeds` returns them: `[h, w]`.
 * @param options.classes The number K of channels, background included.
 * @returns `[K, F]`; without a seed, zeros.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if a feature is NaN or infinite, a seed is neither below K nor 255, or `classes` is out of 1..255.
 *
 * Source: Chen et al., SIPE (CVPR 2022), image-specific prototypes.
 */
export async function prototypes(
  features: TensorLike,
  seeds: TensorLike,
  { classes }: { classes: number },
): Promise<HostTensor> {
  const where = 'prototypes';
  const { h, w, C: F } = mapSizes(where, 'features', features, 'F');
  matchShape(where, 'seeds', seeds?.shape, ['h', 'w'], { h, w });
  checkChannels(where, classes);
  const chosen = await byteValues(where, 'seeds', seeds);
  const odd = chosen.find((seed) => seed >= classes && seed !== 255);
  if (odd !== undefined) throw new ValueError(where, 'seeds', `to be below ${classes}, or 255 for none`, odd);
  const { values } = await hostMap(where, 'features', features, 'F');
  return hostTensor(kernel(values, chosen, classes, F), [classes, F]);
}

/** @throws {ValueError} unless it is a whole number of channels in 1..255. */
export function checkChannels(where: string, classes: number): void {
  if (Number.isInteger(classes) && classes >= 1 && classes <= 255) return;
  throw new ValueError(where, 'classes', 'to be the number of channels, 1..255', classes, 'Background included.');
}
