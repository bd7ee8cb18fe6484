import type { Normalization } from '../engine';

/** Factors of a point's values before and after the filter; `undefined` is 1. */
export interface NormalizationFactors {
  readonly before?: Float32Array;
  readonly after?: Float32Array;
}

/** Points reach themselves with about 0.1 at least; less than this is the rounding of nothing. */
const LEAST = 1e-5;

/**
 * What makes a filter treat crowded and lonely points alike; 0 for a point that is not reached.
 *
 * @param ones The filter of all ones, `[N]`.
 *
 * Source: `after` is Krähenbühl & Koltun, NIPS 2011; `symmetric` is theirs of ICML 2013.
 */
export function normalizationFactors(kind: Normalization, ones: () => Float32Array): NormalizationFactors {
  if (kind === 'none') return {};
  const factor = ones().map((n) => (n > LEAST ? 1 / (kind === 'symmetric' ? Math.sqrt(n) : n) : 0));
  return { before: kind === 'after' ? undefined : factor, after: kind === 'before' ? undefined : factor };
}
