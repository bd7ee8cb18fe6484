import { hostValues, IGNORE, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { elevenPoints, envelope, precisionRecall, stepArea } from './kernels/average-precision';
import { place } from './label-values';

export interface AveragePrecisionOptions {
  /**
   * How the precision–recall curve is integrated: `'none'` Σ (R_n − R_{n−1}) P_n as scikit-learn does, `'all-points'`
   * the same under its falling envelope (VOC from 2010 on), `'11-point'` the mean of the envelope at recall 0, 0.1, … 1
   * (VOC 2007). @default 'none'
   */
  readonly interpolation?: 'none' | 'all-points' | '11-point';
  /** The target's value that counts nowhere, e.g. for VOC's difficult objects. @default 255 */
  readonly ignore?: number;
}

/**
 * Average precision of one class over n images.
 *
 * @param scores `[n]`, higher means more likely; any finite values.
 * @param targets `[n]`, 1 where the image has the class, 0 where not, or `ignore`.
 * @returns In (0, 1]. Equal scores are one point of the curve, so that the order of the images does not matter.
 * @throws {ShapeError} if the shapes are not `[n]` both.
 * @throws {ValueError} if a score is not finite, a target is another value, or no target is 1.
 *
 * Source: scikit-learn's `average_precision_score`; Everingham et al., "The PASCAL VOC challenge" (IJCV 2010), 4.2.
 */
export async function averagePrecision(
  scores: TensorLike,
  targets: TensorLike,
  options: AveragePrecisionOptions = {},
): Promise<number> {
  const where = 'averagePrecision';
  const { n } = matchShape(where, 'scores', scores.shape, ['n'], {}, 'For several classes: meanAveragePrecision.');
  matchShape(where, 'targets', targets.shape, ['n'], { n });
  const [only] = await perClass(where, scores, targets, 1, options);
  if (only === null) {
    throw new ValueError(where, 'targets', 'to have at least one 1', 'none', 'Without a positive there is no recall.');
  }
  return only!;
}

/**
 * Average precision of each class over n images, and its mean over the classes that some image has.
 *
 * @param scores `[n, C]`, higher means more likely.
 * @param targets `[n, C]` of 0, 1 and `ignore`.
 * @returns `perClass` of length C, `null` for a class that no image has, and `mean` over the others.
 * @throws {ShapeError} if the shapes are not `[n, C]` both.
 * @throws {ValueError} as {@link averagePrecision}; also if no class has a positive.
 */
export async function meanAveragePrecision(
  scores: TensorLike,
  targets: TensorLike,
  options: AveragePrecisionOptions = {},
): Promise<{ perClass: (number | null)[]; mean: number }> {
  const where = 'meanAveragePrecision';
  const { n, C } = matchShape(where, 'scores', scores.shape, ['n', 'C']);
  matchShape(where, 'targets', targets.shape, ['n', 'C'], { n, C });
  const values = await perClass(where, scores, targets, C, options);
  const kept = values.filter((value) => value !== null);
  if (kept.length === 0) throw new ValueError(where, 'targets', 'to have at least one 1', 'none');
  return { perClass: values, mean: kept.reduce((sum, value) => sum + value, 0) / kept.length };
}

async function perClass(
  where: string,
  scores: TensorLike,
  targets: TensorLike,
  classes: number,
  { interpolation = 'none', ignore = IGNORE }: AveragePrecisionOptions,
): Promise<(number | null)[]> {
  if (!['none', 'all-points', '11-point'].includes(interpolation)) {
    throw new ValueError(where, 'interpolation', "to be 'none', 'all-points' or '11-point'", interpolation);
  }
  if (ignore === 0 || ignore === 1) throw new ValueError(where, 'ignore', 'to be neither 0 nor 1', ignore);
  const [given, truth] = await Promise.all([
    hostValues(where, 'scores', scores),
    hostValues(where, 'targets', targets),
  ]);
  for (let i = 0; i < truth.length; i++) {
    if (!Number.isFinite(given[i]))
      throw new ValueError(where, 'scores', `to be finite at ${place(i, scores.shape)}`, given[i]);
    if (truth[i] !== 0 && truth[i] !== 1 && truth[i] !== ignore) {
      throw new ValueError(where, 'targets', `to be 0, 1 or ${ignore} at ${place(i, targets.shape)}`, truth[i]);
    }
  }
  return Array.from({ length: classes }, (_, c) => {
    const kept: number[] = [];
    for (let i = c; i < truth.length; i += classes) if (truth[i] !== ignore) kept.push(i);
    const positive = kept.map((i) => truth[i] === 1);
    if (!positive.includes(true)) return null;
    const curve = precisionRecall(
      kept.map((i) => given[i]!),
      positive,
    );
    if (interpolation === '11-point') return elevenPoints(curve);
    return stepArea(interpolation === 'none' ? curve : envelope(curve));
  });
}
