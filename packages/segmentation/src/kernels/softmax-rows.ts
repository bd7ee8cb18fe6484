/** sum += weight · softmax(scores), row by row of K. */
export function softmaxRows(scores: Float32Array, K: number, sum: Float32Array, weight: number): void {
  const powers = new Float64Array(K);
  for (let at = 0; at < scores.length; at += K) {
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < K; k++) if (scores[at + k]! > most) most = scores[at + k]!;
    let total = 0;
    for (let k = 0; k < K; k++) {
      powers[k] = Math.exp(scores[at + k]! - most);
      total += powers[k]!;
    }
    const share = weight / total;
    for (let k = 0; k < K; k++) sum[at + k]! += powers[k]! * share;
  }
}
