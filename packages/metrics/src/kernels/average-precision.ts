/** Points of a precision–recall curve, from the highest score down; equal scores are one point. */
export interface PrecisionRecall {
  readonly precision: number[];
  readonly recall: number[];
}

/** Precision and recall when everything at or above a score is called positive, for every score that occurs. */
export function precisionRecall(scores: ArrayLike<number>, positive: readonly boolean[]): PrecisionRecall {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const positives = positive.filter(Boolean).length;
  const precision: number[] = [];
  const recall: number[] = [];
  let found = 0;
  for (const [rank, i] of order.entries()) {
    if (positive[i]) found++;
    // A score that the next item shares is no threshold of its own: their order would be arbitrary.
    if (rank + 1 < order.length && scores[order[rank + 1]!] === scores[i]) continue;
    precision.push(found / (rank + 1));
    recall.push(found / positives);
  }
  return { precision, recall };
}

/** Σ_n (R_n − R_{n−1}) P_n. */
export function stepArea({ precision, recall }: PrecisionRecall): number {
  let area = 0;
  for (let n = 0; n < recall.length; n++) area += (recall[n]! - (n > 0 ? recall[n - 1]! : 0)) * precision[n]!;
  return area;
}

/** The same curve with each precision raised to the best at any higher recall. */
export function envelope({ precision, recall }: PrecisionRecall): PrecisionRecall {
  const raised = [...precision];
  for (let n = raised.length - 2; n >= 0; n--) raised[n] = Math.max(raised[n]!, raised[n + 1]!);
  return { precision: raised, recall };
}

/** The mean of the best precision at recall of at least 0, 0.1, … 1. */
export function elevenPoints(curve: PrecisionRecall): number {
  const { precision, recall } = envelope(curve);
  let sum = 0;
  for (let tenth = 0; tenth <= 10; tenth++) {
    // 0.1 · 3 is above 0.3: compare in tenths, where rounding cannot hide a recall of exactly 3 / 10.
    const n = recall.findIndex((value) => value * 10 >= tenth - 1e-9);
    sum += precision[n]!;
  }
  return sum / 11;
}
