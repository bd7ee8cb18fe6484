/**
 * x^s as a sum of Chebyshev polynomials, Σ c_k T_k(x) for |x| ≤ 1: c_k is the chance that a fair walk of s steps on a
 * line ends at a distance of k. Beyond k ≈ √(2 s ln 1/ε) hardly any walk ends, so that 112 applications of a
 * matrix do the work of 256, and 1000 that of 10 000.
 *
 * @param tail Largest sum of what is left out; since |T_k| ≤ 1, also the largest error.
 * @returns c_0 … c_d, which sum to one; every other one is 0.
 *
 * Source: Sachdeva & Vishnoi, "Faster algorithms via approximation theory" (2014): approximating x^s by polynomials of lower degree.
 */
export function powerSeries(steps: number, tail = 1e-12): Float64Array {
  const terms: number[] = [];
  // Relative to the first one; binomial(s, (s − k) / 2), doubled for k > 0 as ±k are one.
  let sum = 0;
  for (let k = steps % 2, term = k === 0 ? 0.5 : 1; k <= steps; k += 2) {
    terms.push(term);
    sum += term;
    const m = (steps - k) / 2;
    term *= m / (steps - m + 1);
    if (k === 0) term *= 2;
    if (term < sum * 1e-20) break;
  }
  let kept = terms.length;
  for (let rest = 0; kept > 1; kept--) {
    rest += terms[kept - 1]!;
    if (rest > tail * sum) break;
  }
  const used = terms.slice(0, kept);
  const total = used.reduceRight((a, b) => a + b, 0);
  const series = new Float64Array((steps % 2) + 2 * (kept - 1) + 1);
  used.forEach((term, i) => {
    series[(steps % 2) + 2 * i] = term / total;
  });
  return series;
}
