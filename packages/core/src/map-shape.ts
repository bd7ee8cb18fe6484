import { ShapeError } from './errors';
import { type HostTensor, hostTensor, type TensorLike } from './tensor-like';
import type { NumericArray } from './typed-array';

/** What a map `[h, w]` or `[h, w, C]` is to a loop: `[h, w, C]`, C being 1 where there is none. */
export type MapShape = readonly [height: number, width: number, channels: number];

/**
 * Checks the shape of a map.
 *
 * @throws {ShapeError} unless it has two or three sizes, all of them at least 1.
 */
export function mapShape(where: string, argument: string, shape: readonly number[] | undefined): MapShape {
  if (shape?.length === 4) {
    const hint = shape[0] === 1 ? 'Drop the first axis: this function takes one map.' : 'Give the maps one by one.';
    throw new ShapeError(where, argument, 'of shape [h, w] or [h, w, C]', shape, hint);
  }
  if (!shape || shape.length < 2 || shape.length > 3 || !shape.every((n) => n > 0)) {
    const empty = shape && shape.length >= 2 && shape.length <= 3 ? 'It has no cells.' : undefined;
    throw new ShapeError(where, argument, 'of shape [h, w] or [h, w, C]', shape, empty);
  }
  return [shape[0]!, shape[1]!, shape[2] ?? 1];
}

/**
 * Checks the size that a map should get.
 *
 * @throws {ShapeError} unless it is `[h, w]`, whole numbers of at least 1.
 */
export function checkSize(where: string, argument: string, size: readonly number[]): asserts size is [number, number] {
  if (!Array.isArray(size) || size.length !== 2 || !size.every((n) => Number.isSafeInteger(n) && n > 0)) {
    const hint = 'Sizes are [height, width] in pixels; scaledSize rounds as the papers do.';
    throw new ShapeError(
      where,
      argument,
      '[h, w] of whole numbers above 0',
      Array.isArray(size) ? size : undefined,
      hint,
    );
  }
}

/**
 * Checks the shape of a photo in colour.
 *
 * @throws {ShapeError} unless it is `[h, w, 3]` with at least one pixel.
 */
export function checkColours(where: string, argument: string, shape: readonly number[] | undefined): void {
  if (shape?.length === 3 && shape[0]! > 0 && shape[1]! > 0 && shape[2] === 3) return;
  throw new ShapeError(where, argument, ['h', 'w', 3], shape, colourHint(shape ?? []));
}

function colourHint(shape: readonly number[]): string | undefined {
  if (shape.length === 2) return 'Repeat the grey channel three times.';
  if (shape.length === 4) return 'Give the photos one by one, without a batch axis.';
  if (shape.length !== 3) return undefined;
  if (shape[2] === 4) return 'Drop the alpha channel.';
  if (shape[0] === 3) return 'Channels come last.';
  return undefined;
}

/** A new map with the channels and the dtype of another. */
export function mapLike<A extends NumericArray>(
  map: TensorLike,
  values: A,
  [height, width]: readonly [number, number],
): HostTensor<A> {
  // Booleans are bytes: their array does not tell.
  return hostTensor(values, [height, width, ...map.shape.slice(2)], map.dtype === 'bool' ? 'bool' : undefined);
}
