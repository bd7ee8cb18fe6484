import type { Random } from '@wsss/core';

/** Doubles with a shape: what the reference loops compute on. */
export interface Array64 {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

export function array64(
  shape: readonly number[],
  values: ArrayLike<number> = new Float64Array(sizeOf(shape)),
): Array64 {
  return { shape, values: Float64Array.from(values) };
}

/** An array from a formula of its indices. */
export function tabulate(shape: readonly number[], f: (index: readonly number[]) => number): Array64 {
  const values = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    values[i] = f(index);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return { shape, values };
}

/** The value at an index. */
export function at({ shape, values }: Array64, index: readonly number[]): number {
  let place = 0;
  for (let axis = 0; axis < shape.length; axis++) place = place * shape[axis]! + index[axis]!;
  return values[place]!;
}

/** The value at an index of a larger shape, as broadcasting reads it. */
export function broadcastAt(array: Array64, index: readonly number[]): number {
  const skip = index.length - array.shape.length;
  return at(
    array,
    array.shape.map((n, axis) => (n === 1 ? 0 : index[axis + skip]!)),
  );
}

/** How the values of an input are drawn. All are exact in 32 bits, so that both sides compute on the same numbers. */
export type Draw = (random: Random, size: number) => Float32Array;

export const normal: Draw = (random, size) => Float32Array.from({ length: size }, () => random.normal());

export const within =
  (low: number, high: number): Draw =>
  (random, size) =>
    Float32Array.from({ length: size }, () => random.uniform(low, high));

/** No two values closer than a step, so that no finite difference moves a maximum; none at zero. */
export const distinct =
  (shift = 0, step = 1 / 64): Draw =>
  (random, size) =>
    Float32Array.from(random.shuffle(Array.from({ length: size }, (_, i) => (i + 0.5 - size / 2) * step + shift)));
