import { IGNORE, matchShape, roundHalfEven, type TensorLike, ValueError } from '@wsss/core';
import { boundaryPixels } from './kernels/boundary-pixels';
import { checkRange, labelValues } from './label-values';

export interface BoundaryIouOptions {
  /** How many classes are counted, background included. */
  readonly classes: number;
  /** The target's value that counts nowhere. @default 255 */
  readonly ignore?: number;
  /** How wide the boundary is, as a share of the image's diagonal; at least one pixel. @default 0.02 */
  readonly width?: number;
}

/** Boundary IoU, and the pixels it was made of, to be added up over a data set. */
export interface BoundaryIou {
  /** `intersection / union` per class; `null` where the class is absent. */
  readonly perClass: (number | null)[];
  /** The mean over the classes that are there. */
  readonly mean: number;
  readonly intersection: number[];
  readonly union: number[];
}

/**
 * Intersection over union of the boundaries alone: per class |G_d ∩ P_d| / |G_d ∪ P_d|, where G_d and P_d are the pixels
 * of the target's and the prediction's region within d of its edge. Unlike IoU it does not forgive a coarse outline on
 * a large object.
 *
 * Pixels that the target ignores belong to no region, neither in the target nor in the prediction. The image's edge is
 * an edge of the regions that touch it.
 *
 * @param prediction Class indices, `[h, w]` or `[n, h, w]`.
 * @param target The same shape; class indices or `ignore`.
 * @throws {ShapeError} if the shapes differ or have another rank.
 * @throws {ValueError} for a value that is no class, a `width` that is not positive, or a target that is all `ignore`.
 *
 * Source: Cheng et al., "Boundary IoU: improving object-centric image segmentation evaluation" (CVPR 2021), eq. 4;
 * d = max(1, round(width · diagonal)) and the square neighbourhood are those of its authors' code.
 */
export async function boundaryIou(
  prediction: TensorLike,
  target: TensorLike,
  { classes, ignore = IGNORE, width: share = 0.02 }: BoundaryIouOptions,
): Promise<BoundaryIou> {
  const where = 'boundaryIou';
  checkRange(where, { classes, ignore });
  if (!(share > 0 && share <= 1)) throw new ValueError(where, 'width', 'to lie in (0, 1]', share);
  const batched = target.shape.length === 3;
  const {
    n = 1,
    h,
    w,
  } = batched
    ? matchShape(where, 'target', target.shape, ['n', 'h', 'w'])
    : { n: 1, ...matchShape(where, 'target', target.shape, ['h', 'w']) };
  matchShape(where, 'prediction', prediction.shape, target.shape);
  const [guesses, truths] = await Promise.all([
    labelValues(where, 'prediction', prediction, { classes, ignore }),
    labelValues(where, 'target', target, { classes, ignore }),
  ]);
  const distance = Math.max(1, roundHalfEven(share * Math.hypot(h, w)));
  const intersection = new Array<number>(classes).fill(0);
  const union = new Array<number>(classes).fill(0);
  for (let image = 0; image < n; image++) {
    const truth = truths.subarray(image * h * w, (image + 1) * h * w);
    const guess = guesses.slice(image * h * w, (image + 1) * h * w);
    for (let i = 0; i < truth.length; i++) if (truth[i] === ignore) guess[i] = ignore;
    const truthEdge = boundaryPixels(truth, h, w, distance);
    const guessEdge = boundaryPixels(guess, h, w, distance);
    for (let i = 0; i < truth.length; i++) {
      const t = truthEdge[i] && truth[i] !== ignore ? truth[i]! : -1;
      const p = guessEdge[i] && guess[i] !== ignore ? guess[i]! : -1;
      if (t >= 0) union[t]!++;
      if (p >= 0 && p === t) intersection[p]!++;
      else if (p >= 0) union[p]!++;
    }
  }
  const perClass = union.map((pixels, c) => (pixels === 0 ? null : intersection[c]! / pixels));
  const kept = perClass.filter((value) => value !== null);
  if (kept.length === 0) {
    throw new ValueError(where, 'target', 'to hold at least one pixel of a class', `only ${ignore}`);
  }
  return { perClass, mean: kept.reduce((sum, value) => sum + value, 0) / kept.length, intersection, union };
}
