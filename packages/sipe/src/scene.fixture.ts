import { type HostTensor, hostTensor, random } from '@wsss/core';

/** Random values in a range, seeded. */
export function noise(
  shape: readonly number[],
  seed: number,
  [low, high]: readonly [number, number] = [-1, 1],
): HostTensor {
  const draw = random(seed);
  const size = shape.reduce((product, n) => product * n, 1);
  return hostTensor(
    Float32Array.from({ length: size }, () => draw.uniform(low, high)),
    shape,
  );
}

/** The largest difference of two lists. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
