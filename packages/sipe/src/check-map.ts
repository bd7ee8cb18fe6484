import { finiteValues, hostValues, matchShape, ShapeError, type TensorLike } from '@wsss/core';
import { allFinite } from './kernels/all-finite';

/** A map `[h, w, C]` on the host. */
export interface HostMap {
  readonly values: Float32Array;
  readonly h: number;
  readonly w: number;
  readonly C: number;
}

/**
 * The values of a map `[h, w, C]`, all finite.
 *
 * @param name What stands for C in messages: F for features, K for maps with a background.
 * @param known Sizes that it must have.
 * @throws {ShapeError} if the rank or a size is another, or it has no cells.
 * @throws {ValueError} naming the first value that is NaN or infinite.
 */
export async function hostMap(
  where: string,
  argument: string,
  map: TensorLike,
  name: string,
  known: Readonly<Record<string, number>> = {},
): Promise<HostMap> {
  const sizes = mapSizes(where, argument, map, name, known);
  return { values: await finiteFloats(where, argument, map), ...sizes };
}

/** The sizes of a map alone, checked. */
export function mapSizes(
  where: string,
  argument: string,
  map: TensorLike,
  name: string,
  known: Readonly<Record<string, number>> = {},
): { h: number; w: number; C: number } {
  const {
    h,
    w,
    [name]: C,
  } = matchShape(where, argument, map?.shape, ['h', 'w', name], known) as Record<string, number>;
  if (h! * w! * C! === 0) throw new ShapeError(where, argument, 'to have cells and channels', map.shape);
  return { h: h!, w: w!, C: C! };
}

/**
 * The same as `finiteValues` of core, which looks for the place of a wrong value only where there is one.
 *
 * @throws {ValueError} naming the first value that is NaN or infinite.
 */
export async function finiteFloats(where: string, argument: string, map: TensorLike): Promise<Float32Array> {
  const values = await hostValues(where, argument, map);
  return values instanceof Float32Array && allFinite(values) ? values : finiteValues(where, argument, map);
}
