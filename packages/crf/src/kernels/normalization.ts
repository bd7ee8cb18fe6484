import type { Normalization } from '../engine';

/** Factors of a point's values before and after the filter; `undefined` is 1. */
export interface NormalizationFactors {
  readonly before?: Float32Array;
  readonly after?: Float32Array;
}

/**
 * What makes a filter treat crowded and lonely points alike.
 *
 * @param ones The filter of all ones, `[N]`.
 *
 * Source: `after` is Krähenbühl & Koltun, NIPS 2011; `symmetric` is theirs of ICML 2013.
 */
export function normalizationFactors(kind: Normalization, ones: () => Float32Array): NormalizationFactors {
  if (kind === 'none') return {};
  // The tiny constant only guards the division: it vanishes beside any other number.
  const factor = ones().map((n) => 1 / (kind === 'symmetric' ? Math.sqrt(n + 1e-20) : n + 1e-20));
  return { before: kind === 'after' ? undefined : factor, after: kind === 'before' ? undefined : factor };
}
