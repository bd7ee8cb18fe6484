import { random, ValueError } from '@wsss/core';
import { type Absent, type ConfusionMatrix, mean } from './confusion-matrix';

export interface BootstrapOptions {
  /** How many times the images are drawn anew. @default 1000 */
  readonly draws?: number;
  /** The share of the draws that lie inside the interval. @default 0.95 */
  readonly confidence?: number;
  /** Equal seeds give equal intervals. @default 0 */
  readonly seed?: number;
  /** How the mean treats absent classes; see {@link ConfusionMatrix.meanIou}. @default 'skip' */
  readonly absent?: Absent;
}

/** A mean IoU with its uncertainty, all in [0, 1]. */
export interface BootstrapResult {
  /** Of all images together. */
  readonly meanIou: number;
  /** Bounds of the interval: percentiles of the draws. */
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the draws. */
  readonly deviation: number;
}

/**
 * How far the mean IoU of a data set would move with other images of the same kind: as many images as there are, drawn
 * with replacement, again and again. The predictions are taken as given, so the noise of training is not in it.
 *
 * @param matrices One matrix per image. Images without a counted pixel are left out.
 * @throws {ValueError} if no matrix holds a pixel, their numbers of classes differ, or an option is out of range.
 *
 * Source: Efron, "Bootstrap methods: another look at the jackknife" (Annals of Statistics 1979); percentile interval.
 */
export function bootstrapMeanIou(
  matrices: readonly ConfusionMatrix[],
  { draws = 1000, confidence = 0.95, seed = 0, absent = 'skip' }: BootstrapOptions = {},
): BootstrapResult {
  const where = 'bootstrapMeanIou';
  if (!Number.isSafeInteger(draws) || draws < 2) {
    throw new ValueError(where, 'draws', 'to be a whole number of at least 2', draws);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new ValueError(where, 'confidence', 'to lie between 0 and 1', confidence);
  }
  const kept = matrices.filter((matrix) => matrix.total > 0);
  if (kept.length === 0) throw new ValueError(where, 'matrices', 'to hold at least one counted pixel', matrices.length);
  const classes = kept[0]!.classes;
  const other = kept.find((matrix) => matrix.classes !== classes);
  if (other) throw new ValueError(where, 'matrices', `to have ${classes} classes each`, other.classes);

  // IoU needs only what agrees and the union of each class: 2 K numbers per image instead of K².
  const images = kept.map((matrix) =>
    Float64Array.from(matrix.classCounts().flatMap(({ agreed, union }) => [agreed, union])),
  );
  const stream = random(seed);
  const sums = new Float64Array(2 * classes);
  const meanOf = (chosen: (i: number) => number): number => {
    sums.fill(0);
    for (let i = 0; i < images.length; i++) {
      const image = images[chosen(i)]!;
      for (let j = 0; j < sums.length; j++) sums[j]! += image[j]!;
    }
    const iou = Array.from({ length: classes }, (_, c) => (sums[2 * c + 1] ? sums[2 * c]! / sums[2 * c + 1]! : null));
    return mean(where, iou, absent);
  };
  const meanIou = meanOf((i) => i);
  const drawn = Float64Array.from({ length: draws }, () => meanOf(() => stream.integer(0, images.length - 1))).sort();
  const centre = drawn.reduce((sum, value) => sum + value, 0) / draws;
  const variance = drawn.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (draws - 1);
  return {
    meanIou,
    low: quantile(drawn, (1 - confidence) / 2),
    high: quantile(drawn, (1 + confidence) / 2),
    deviation: Math.sqrt(variance),
  };
}

/** Between the two values nearest to the rank, linearly. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (rank - below) * (sorted[above]! - sorted[below]!);
}
