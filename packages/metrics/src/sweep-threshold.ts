import { finiteValues, IGNORE, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { type Absent, ConfusionMatrix } from './confusion-matrix';
import { sweepHistogram } from './kernels/sweep-histogram';
import { labelValues } from './label-values';

/** One image of {@link sweepThreshold}. */
export interface SweepImage {
  /** Foreground maps, `[h, w, C']`, without a background channel; C' may be 0. */
  readonly maps: TensorLike;
  /** The class index of each map, from 1. */
  readonly classes: readonly number[];
  /** The true labels, `[h, w]`. */
  readonly target: TensorLike;
}

export interface SweepThresholdOptions {
  /** How many classes are counted, background included. */
  readonly classes: number;
  /** Background scores to try. @default 0, 0.01, … 0.99 */
  readonly thresholds?: readonly number[];
  /** The target's value that counts nowhere. @default 255 */
  readonly ignore?: number;
  /** How the mean treats absent classes; see {@link ConfusionMatrix.meanIou}. @default 'skip' */
  readonly absent?: Absent;
}

/** One threshold, and what it gives over all images. */
export interface SweepPoint {
  readonly threshold: number;
  readonly meanIou: number;
  readonly matrix: ConfusionMatrix;
}

/**
 * Mean IoU of class maps against true labels for many background thresholds, in one pass over the images: a pixel gets
 * the class of its highest map if that is above the threshold, else background; over the whole data set one matrix per
 * threshold.
 *
 * Values are compared as 32-bit floats, as an argmax over float maps with a constant background channel does.
 *
 * @param images An iterable or async iterable, read once.
 * @returns `curve` by rising threshold, and its `best` point (the lowest threshold where several are equal).
 * @throws {ShapeError} if maps, classes and target do not fit together.
 * @throws {ValueError} if there is no image, no counted pixel or no threshold, or a value is out of range.
 */
export async function sweepThreshold(
  images: Iterable<SweepImage> | AsyncIterable<SweepImage>,
  { classes: labels, thresholds = hundredths(), ignore = IGNORE, absent = 'skip' }: SweepThresholdOptions,
): Promise<{ best: SweepPoint; curve: SweepPoint[] }> {
  const where = 'sweepThreshold';
  const empty = new ConfusionMatrix({ classes: labels, ignore });
  if (thresholds.length === 0 || !thresholds.every(Number.isFinite)) {
    throw new ValueError(where, 'thresholds', 'to be a list of finite numbers', thresholds);
  }
  const tried = [...thresholds].sort((a, b) => a - b);
  const rounded = Float32Array.from(tried);
  const histogram = new Float64Array((tried.length + 1) * labels * labels);
  for await (const { maps, classes, target } of images) {
    const { h, w } = matchShape(where, 'target', target.shape, ['h', 'w']);
    const hint = 'One map per class and no background; the target at the size of the maps.';
    matchShape(where, 'maps', maps.shape, ['h', 'w', classes.length], { h, w }, hint);
    for (const index of classes) {
      if (!Number.isInteger(index) || index < 1 || index >= labels) {
        throw new ValueError(where, 'classes', `to hold class indices 1..${labels - 1}`, classes);
      }
    }
    const [values, truth] = await Promise.all([
      finiteValues(where, 'maps', maps),
      labelValues(where, 'target', target, { classes: labels, ignore }),
    ]);
    sweepHistogram(histogram, values, classes, truth, rounded, labels, ignore);
  }
  if (histogram.every((n) => n === 0)) {
    throw new ValueError(where, 'images', 'to hold at least one pixel whose target is a class', 'none');
  }
  const curve = tried.map((threshold, j): SweepPoint => {
    const matrix = ConfusionMatrix.fromJSON({ ...empty.toJSON(), counts: countsAt(histogram, j, labels) });
    return { threshold, meanIou: matrix.meanIou({ absent }), matrix };
  });
  const best = curve.reduce((top, point) => (point.meanIou > top.meanIou ? point : top));
  return { best, curve };
}

/** The counts when exactly the pixels that exceed more than `j` thresholds keep their class. */
function countsAt(histogram: Float64Array, j: number, labels: number): number[][] {
  const counts = Array.from({ length: labels }, () => new Array<number>(labels).fill(0));
  for (let i = 0; i < histogram.length; i++) {
    const exceeded = Math.floor(i / (labels * labels));
    const row = counts[Math.floor(i / labels) % labels]!;
    row[exceeded > j ? i % labels : 0]! += histogram[i]!;
  }
  return counts;
}

function hundredths(): number[] {
  return Array.from({ length: 100 }, (_, i) => i / 100);
}
