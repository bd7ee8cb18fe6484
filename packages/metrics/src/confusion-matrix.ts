import { type HostTensor, hostTensor, IGNORE, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { countPairs } from './kernels/count-pairs';
import { checkRange, labelValues, place } from './label-values';

export interface ConfusionMatrixOptions {
  /** How many classes are counted, background included: K = C + 1. */
  readonly classes: number;
  /** The target's value that counts nowhere. @default 255 */
  readonly ignore?: number;
  /**
   * What a prediction of `ignore` is where the target is a class: an error, the background (IRN's scripts), or a
   * pixel that is left out (SIPE's scripts). @default 'error'
   */
  readonly ignoredPrediction?: 'error' | 'background' | 'skip';
}

/** What {@link ConfusionMatrix.toJSON} returns. */
export interface ConfusionMatrixJson {
  readonly classes: number;
  readonly ignore: number;
  readonly ignoredPrediction: 'error' | 'background' | 'skip';
  /** Rows are the target's classes, columns the prediction's. */
  readonly counts: readonly (readonly number[])[];
}

/** Whether classes that neither the targets nor the predictions contain are left out of a mean, or count as 0. */
export type Absent = 'skip' | 'zero';

/**
 * Pixels counted by target class t and predicted class p, over any number of images: n_tp; and the figures made of it.
 * With T_c = Σ_p n_cp (pixels of the class), P_c = Σ_t n_tc (pixels predicted as it), the union is
 * U_c = T_c + P_c − n_cc.
 *
 * @example
 * const matrix = new ConfusionMatrix({ classes: 21 });
 * for await (const { mask, truth } of images) await matrix.update(mask, truth);
 * matrix.meanIou();
 *
 * Source: the definitions of the evaluation scripts of PASCAL VOC, IRN (through ChainerCV) and SEAM.
 */
export class ConfusionMatrix {
  readonly classes: number;
  readonly ignore: number;
  readonly ignoredPrediction: 'error' | 'background' | 'skip';
  readonly #counts: Float64Array;

  /** @throws {ValueError} if `classes` is not a whole number ≥ 1, or `ignore` is a class index. */
  constructor({ classes, ignore = IGNORE, ignoredPrediction = 'error' }: ConfusionMatrixOptions) {
    checkRange('ConfusionMatrix', { classes, ignore });
    if (!['error', 'background', 'skip'].includes(ignoredPrediction)) {
      throw new ValueError(
        'ConfusionMatrix',
        'ignoredPrediction',
        "to be 'error', 'background' or 'skip'",
        ignoredPrediction,
      );
    }
    this.classes = classes;
    this.ignore = ignore;
    this.ignoredPrediction = ignoredPrediction;
    this.#counts = new Float64Array(classes * classes);
  }

  /**
   * Counts the pixels of one image, or of a batch. Nothing is counted if it throws.
   *
   * @param prediction Class indices, any shape; integers or floats with whole values.
   * @param target Class indices or `ignore`, of the same shape.
   * @throws {ShapeError} if the shapes differ.
   * @throws {ValueError} for a value that is neither a class index nor `ignore`, and for a prediction of `ignore`
   * where the target is a class, unless `ignoredPrediction` says what it is.
   */
  async update(prediction: TensorLike, target: TensorLike): Promise<void> {
    const where = 'ConfusionMatrix.update';
    matchShape(
      where,
      'prediction',
      prediction.shape,
      target.shape,
      {},
      'The target has this shape; resize one of them.',
    );
    const [guesses, truths] = await Promise.all([
      labelValues(where, 'prediction', prediction, this),
      labelValues(where, 'target', target, this),
    ]);
    if (this.ignoredPrediction === 'error') {
      const unlabelled = guesses.findIndex((guess, i) => guess === this.ignore && truths[i] !== this.ignore);
      if (unlabelled >= 0) {
        throw new ValueError(
          where,
          'prediction',
          `to be a class index where the target is one, at ${place(unlabelled, prediction.shape)}`,
          this.ignore,
          "Set `ignoredPrediction` to 'background' or 'skip' to say how such pixels count.",
        );
      }
    }
    countPairs(
      this.#counts,
      guesses,
      truths,
      this.classes,
      this.ignore,
      this.ignoredPrediction === 'background' ? 0 : -1,
    );
  }

  /**
   * Adds the counts of another matrix to this one.
   *
   * @returns This matrix.
   * @throws {ValueError} if the other has another number of classes or other options.
   */
  merge(other: ConfusionMatrix): this {
    for (const option of ['classes', 'ignore', 'ignoredPrediction'] as const) {
      if (other[option] !== this[option]) {
        throw new ValueError(
          'ConfusionMatrix.merge',
          'other',
          `to have the same \`${option}\` (${this[option]})`,
          other[option],
        );
      }
    }
    const counts = other.#counts;
    for (let i = 0; i < counts.length; i++) this.#counts[i]! += counts[i]!;
    return this;
  }

  /** How many pixels were counted. */
  get total(): number {
    return this.#counts.reduce((sum, n) => sum + n, 0);
  }

  /** A copy of the counts, `[K, K]`: rows are the target's classes, columns the prediction's. */
  counts(): HostTensor<Float64Array> {
    return hostTensor(this.#counts.slice(), [this.classes, this.classes]);
  }

  /** Per class: pixels that agree n_cc, pixels of the target T_c, of the prediction P_c, and their union U_c. */
  classCounts(): { agreed: number; target: number; predicted: number; union: number }[] {
    const { classes } = this;
    return Array.from({ length: classes }, (_, c) => {
      let target = 0;
      let predicted = 0;
      for (let k = 0; k < classes; k++) {
        target += this.#counts[c * classes + k]!;
        predicted += this.#counts[k * classes + c]!;
      }
      const agreed = this.#counts[c * classes + c]!;
      return { agreed, target, predicted, union: target + predicted - agreed };
    });
  }

  /** Intersection over union per class, n_cc / U_c; `null` for a class that is neither in a target nor predicted. */
  iou(): (number | null)[] {
    return this.classCounts().map(({ agreed, union }) => ratio(agreed, union));
  }

  /**
   * The mean of {@link iou} over the classes.
   *
   * @param options.absent `'skip'` leaves out classes that are `null` (IRN's and SIPE's scripts), `'zero'` counts them
   * as 0 (SEAM's script). Over a whole data set both agree. @default 'skip'
   * @throws {ValueError} if no pixel was counted.
   */
  meanIou({ absent = 'skip' }: { absent?: Absent } = {}): number {
    this.#checkCounted('meanIou');
    return mean('ConfusionMatrix.meanIou', this.iou(), absent);
  }

  /** The share of the pixels that agree, Σ n_cc / Σ n. @throws {ValueError} if no pixel was counted. */
  pixelAccuracy(): number {
    this.#checkCounted('pixelAccuracy');
    return this.classCounts().reduce((sum, { agreed }) => sum + agreed, 0) / this.total;
  }

  /** Per class, the share of its pixels that were found, n_cc / T_c (recall); `null` where no target has the class. */
  classAccuracy(): (number | null)[] {
    return this.classCounts().map(({ agreed, target }) => ratio(agreed, target));
  }

  /** The mean of {@link classAccuracy} over the classes of the targets. @throws {ValueError} if no pixel was counted. */
  meanClassAccuracy(): number {
    this.#checkCounted('meanClassAccuracy');
    return mean('ConfusionMatrix.meanClassAccuracy', this.classAccuracy(), 'skip');
  }

  /** IoU weighted by how often the classes are in the targets, Σ T_c · IoU_c / Σ T_c. @throws {ValueError} as above. */
  frequencyWeightedIou(): number {
    this.#checkCounted('frequencyWeightedIou');
    const weighted = this.classCounts().map(({ agreed, target, union }) => target * (ratio(agreed, union) ?? 0));
    return weighted.reduce((sum, value) => sum + value, 0) / this.total;
  }

  /**
   * Over-activation per class: the share of the union that was predicted wrongly as the class, (P_c − n_cc) / U_c =
   * 1 − T_c / U_c, as IRN's evaluation prints it; `null` where absent. IoU + false positives + false negatives = 1.
   */
  falsePositiveRate(): (number | null)[] {
    return this.classCounts().map(({ agreed, predicted, union }) => ratio(predicted - agreed, union));
  }

  /** Under-activation per class: the share of the union that was missed, (T_c − n_cc) / U_c; `null` where absent. */
  falseNegativeRate(): (number | null)[] {
    return this.classCounts().map(({ agreed, target, union }) => ratio(target - agreed, union));
  }

  /** Plain data for `JSON.stringify`; {@link fromJSON} makes a matrix of it again. */
  toJSON(): ConfusionMatrixJson {
    const { classes, ignore, ignoredPrediction } = this;
    const counts = Array.from({ length: classes }, (_, t) => [
      ...this.#counts.subarray(t * classes, (t + 1) * classes),
    ]);
    return { classes, ignore, ignoredPrediction, counts };
  }

  /**
   * The matrix that {@link toJSON} described; counts made elsewhere are welcome.
   *
   * @throws {ValueError} if the counts are not `classes` rows of `classes` whole numbers ≥ 0.
   */
  static fromJSON(
    json: Pick<ConfusionMatrixJson, 'classes' | 'counts'> & Partial<ConfusionMatrixJson>,
  ): ConfusionMatrix {
    if (typeof json !== 'object' || json === null) {
      throw new ValueError('ConfusionMatrix.fromJSON', 'json', 'to be what toJSON returns', json);
    }
    const matrix = new ConfusionMatrix(json);
    const { classes, counts } = json;
    const square = Array.isArray(counts) && counts.length === classes && counts.every((row) => row?.length === classes);
    if (!square) {
      throw new ValueError('ConfusionMatrix.fromJSON', 'counts', `to be ${classes} rows of ${classes} numbers`, counts);
    }
    for (const [t, row] of counts.entries()) {
      for (const [p, n] of row.entries()) {
        if (!Number.isSafeInteger(n) || n < 0) {
          throw new ValueError('ConfusionMatrix.fromJSON', `counts[${t}][${p}]`, 'to be a whole number of pixels', n);
        }
        matrix.#counts[t * classes + p] = n;
      }
    }
    return matrix;
  }

  #checkCounted(method: string): void {
    if (this.total === 0) {
      throw new ValueError(
        `ConfusionMatrix.${method}`,
        'total',
        'to be positive',
        0,
        'Nothing was counted yet, or every pixel of the targets is `ignore`.',
      );
    }
  }
}

/** The mean of values of which some do not exist. At least one must. */
export function mean(where: string, values: readonly (number | null)[], absent: Absent): number {
  if (absent !== 'skip' && absent !== 'zero') {
    throw new ValueError(where, 'absent', "to be 'skip' or 'zero'", absent);
  }
  const kept = values.filter((value) => value !== null);
  return kept.reduce((sum, value) => sum + value, 0) / (absent === 'zero' ? values.length : kept.length);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
