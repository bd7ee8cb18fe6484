import { type HostTensor, hostTensor, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { resizeBilinear } from '@wsss/core/kernels';
import { hostMap } from './check-map';
import { EPSILON } from './epsilon';
import { normalizeCells, normalizeInto } from './kernels/normalize-cells';

/** What `hierarchicalFeatures` takes besides features. */
export interface HierarchicalFeaturesOptions {
  /** `[h, w]` of the result. @default that of the last features, the coarsest in SIPE */
  readonly size?: readonly [number, number];
}

/**
 * Features of several depths side by side: each cell's vector of each map divided by its norm + 1e-5, then the maps
 * resized (bilinear, half-pixel centres) and concatenated.
 *
 * Where a map is resized, its vectors become means of unit vectors, shorter than 1, and stay so: as in the released code.
 *
 * @param sides `[h', w', F']` each, in the order in which they are to stand.
 * @returns `[h, w, ΣF']`.
 * @throws {ShapeError} if a map has another rank or no cells, or `size` is no size.
 * @throws {ValueError} if there is no map, or a value is NaN or infinite.
 *
 * Source: Chen et al., SIPE (CVPR 2022), hierarchical features.
 */
export async function hierarchicalFeatures(
  sides: readonly TensorLike[],
  { size }: HierarchicalFeaturesOptions = {},
): Promise<HostTensor> {
  const where = 'hierarchicalFeatures';
  if (!Array.isArray(sides) || sides.length === 0) {
    throw new ValueError(where, 'sides', 'to hold at least one map of features', sides);
  }
  if (size && !(size.length === 2 && size.every((side) => Number.isSafeInteger(side) && side > 0))) {
    throw new ShapeError(where, 'size', '[h, w] of whole numbers above 0', size);
  }
  const maps = await Promise.all(
    (sides as readonly TensorLike[]).map((side, i) => hostMap(where, `sides[${i}]`, side, 'F')),
  );
  const [h, w] = size ?? [maps.at(-1)!.h, maps.at(-1)!.w];
  const channels = maps.reduce((sum, { C }) => sum + C, 0);
  const out = new Float32Array(h * w * channels);
  let first = 0;
  for (const { values, C, ...from } of maps) {
    if (from.h === h && from.w === w) {
      normalizeInto(out, values, C, EPSILON, channels, first);
    } else {
      const unit = values.slice();
      normalizeCells(unit, C, EPSILON);
      const resized = resizeBilinear(unit, [from.h, from.w, C], [h, w], false);
      for (let i = 0; i < h * w; i++) out.set(resized.subarray(i * C, (i + 1) * C), i * channels + first);
    }
    first += C;
  }
  return hostTensor(out, [h, w, channels]);
}
