import type { NumericArray } from '@wsss/core';

/**
 * Sorts the pixels of one image by how many thresholds their best map exceeds: `histogram[n, target, best]`, where
 * `best` is the class of the highest map, the first at ties.
 *
 * @param thresholds Ascending.
 */
export function sweepHistogram(
  histogram: Float64Array,
  maps: Float32Array,
  classes: readonly number[],
  target: NumericArray,
  thresholds: Float32Array,
  labels: number,
  ignore: number,
): void {
  const channels = classes.length;
  for (let i = 0; i < target.length; i++) {
    const truth = target[i]!;
    if (truth === ignore) continue;
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < channels; c++) {
      const value = maps[i * channels + c]!;
      if (value > highest) {
        highest = value;
        best = classes[c]!;
      }
    }
    let low = 0;
    let high = thresholds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (thresholds[middle]! < highest) low = middle + 1;
      else high = middle;
    }
    histogram[(low * labels + truth) * labels + best]!++;
  }
}
