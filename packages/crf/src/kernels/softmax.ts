/**
 * Softmax over the classes of each point.
 *
 * @param scores `[N, classes]`; −Infinity is allowed beside a finite score.
 * @param result `[N, classes]`; may be `scores`.
 */
export function softmax(scores: Float32Array, classes: number, result: Float32Array): void {
  const exponentials = new Float64Array(classes);
  for (let at = 0; at < scores.length; at += classes) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, scores[at + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += exponentials[c] = Math.exp(scores[at + c]! - largest);
    for (let c = 0; c < classes; c++) result[at + c] = exponentials[c]! / sum;
  }
}
