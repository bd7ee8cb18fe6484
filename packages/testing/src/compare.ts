/** How far a value may be off: `abs + rel · max |expected|`. Nothing given means equal. */
export interface Tolerance {
  abs?: number;
  rel?: number;
}

/** Not off at all. */
export const EXACT: Tolerance = {};

export interface Comparison {
  ok: boolean;
  /** Largest |actual − expected|; infinite where they cannot be compared. */
  difference: number;
  /** The largest difference that passes. */
  allowed: number;
  /** What is wrong, where it is more than a difference. */
  reason?: string;
}

interface Values {
  shape: readonly number[];
  values: ArrayLike<number>;
}

/**
 * Compares two arrays of equal shape by their largest difference. NaN fails, on either side; an infinity is equal to
 * the same infinity only.
 */
export function compare(actual: Values, expected: Values, { abs = 0, rel = 0 }: Tolerance): Comparison {
  let largest = 0;
  for (let i = 0; i < expected.values.length; i++) {
    const size = Math.abs(expected.values[i]!);
    if (Number.isFinite(size)) largest = Math.max(largest, size);
  }
  const allowed = abs + rel * largest;
  const failed = (reason: string) => ({ ok: false, difference: Number.POSITIVE_INFINITY, allowed, reason });

  if (actual.shape.join() !== expected.shape.join()) {
    return failed(`shape [${actual.shape.join(', ')}] instead of [${expected.shape.join(', ')}]`);
  }
  if (actual.values.length !== expected.values.length) {
    return failed(`${actual.values.length} values instead of ${expected.values.length}`);
  }
  let difference = 0;
  for (let i = 0; i < expected.values.length; i++) {
    const a = actual.values[i]!;
    const e = expected.values[i]!;
    if (Number.isNaN(a)) return failed(`NaN at ${i}`);
    if (Number.isNaN(e)) return failed(`NaN in the reference at ${i}`);
    if (a !== e) difference = Math.max(difference, Math.abs(a - e));
  }
  return { ok: difference <= allowed, difference, allowed };
}
