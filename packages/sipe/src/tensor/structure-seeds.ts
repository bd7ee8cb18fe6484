import {
  add,
  argMax,
  cast,
  equal,
  mul,
  oneHot,
  range,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  tensor4d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { IGNORE, ShapeError, ValueError } from '@wsss/core';
import { floatTensor, type TensorInput, withGradient } from '@wsss/core/tensor';
import { checkOverlap, type OverlapOptions, takingPart } from '../seed-options';
import { cellDirections } from './cell-directions';
import { type BatchSizes, checkBatch, checkExactly, shapeOf } from './check-batch';
import { structureIou } from './structure-iou';

export interface TensorStructureSeedsOptions extends OverlapOptions {
  /** As `cam`: a cell whose winning channel is 0 there seeds nothing. Acts after the argmax, as in the released code. */
  readonly mask?: TensorInput;
  /**
   * The classes that take part in the argmax, as indices from 1; the background always does. One list for all images,
   * or one for each. @default all
   */
  readonly classes?: readonly number[] | readonly (readonly number[])[];
}

/**
 * Where each class's image-specific prototype is taken from: each cell goes to the channel whose activations overlap
 * best with the cells that look like it.
 *
 * With S the structure map and M the activations, iou_ki = I / (Σ_j S_ij + Σ_j M_kj − I), where I is Σ_j S_ij · M_kj
 * (`'product'`) or Σ_j min(S_ij, M_kj) (`'minimum'`); that of the background is multiplied by its factor. The first of
 * equal channels wins.
 *
 * The argmax has no gradient, and `iou` is given none.
 *
 * @param features Of cells that are to be compared, `[h, w, F]` or `[n, h, w, F]`.
 * @param cam Activations in [0, 1], background first: `[h, w, K]` or `[n, h, w, K]`, K at most 255.
 * @returns `seeds` int32 `[h, w]` or `[n, h, w]`, the channel's number or 255 for none; `iou` as `cam`, with the factor.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if an option is out of range.
 *
 * Source: Chen et al., SIPE (CVPR 2022), structure-aware seed locating; the product is the released code's.
 */
export function structureSeeds(
  features: TensorInput,
  cam: TensorInput,
  options: TensorStructureSeedsOptions = {},
): { seeds: Tensor; iou: Tensor } {
  const where = 'structureSeeds';
  const { overlap, backgroundFactor } = checkOverlap(where, options);
  const from = checkBatch(where, 'features', features.shape);
  const sizes = checkBatch(where, 'cam', cam.shape);
  const { n, h, w, C: K } = sizes;
  checkExactly(where, 'cam', cam.shape, shapeOf(from, from.h, from.w, K), 'As many cells as `features`.');
  if (K > IGNORE) throw new ShapeError(where, 'cam', `to have at most ${IGNORE} channels`, cam.shape);
  const { mask } = options;
  if (mask) checkExactly(where, 'mask', mask.shape, cam.shape, 'As `cam`.');
  const taking = options.classes === undefined ? undefined : partOf(where, options.classes, n, K);
  return tidy(() => {
    const iou = overlaps(floatTensor(where, 'features', features), floatTensor(where, 'cam', cam), {
      ...{ from, sizes, overlap, backgroundFactor },
    });
    // What does not take part is below everything else, which is not negative.
    const part = taking && tensor4d(taking, [n, 1, 1, K]);
    const scores = part ? sub(mul(iou, part), sub(1, part)) : iou;
    const winner = argMax(scores, 3);
    const shape = shapeOf(sizes, h, w);
    const result = reshape(iou, shapeOf(sizes, h, w, K));
    if (!mask) return { seeds: reshape(winner, shape), iou: result };
    const won = cast(oneHot(winner as Tensor3D, K), 'float32');
    const kept = sum(mul(won, reshape(floatTensor(where, 'mask', mask), [n, h, w, K])), 3);
    const none = cast(equal(kept, 0), 'int32');
    const seeds = add(mul(winner, sub(1, none)), mul(none, IGNORE));
    return { seeds: reshape(cast(seeds, 'int32'), shape), iou: result };
  });
}

function overlaps(
  features: Tensor,
  cam: Tensor,
  {
    from,
    sizes: { n, h, w, C: K },
    overlap,
    backgroundFactor,
  }: { from: BatchSizes; sizes: BatchSizes } & Required<OverlapOptions>,
): Tensor {
  // One operation of its own, so that no gradient tape keeps what it is computed from.
  return withGradient(
    [features, cam],
    ([f, m]) => {
      const iou = structureIou(cellDirections(f!, from), reshape(m!, [n, h * w, K]), overlap);
      const factors = add(1, mul(cast(equal(range(0, K), 0), 'float32'), backgroundFactor - 1));
      return reshape(mul(iou, factors), [n, h, w, K]);
    },
    () => [zeros(features.shape), zeros(cam.shape)],
  );
}

/** 1 where a channel takes part, `[n, K]`. */
function partOf(
  where: string,
  classes: NonNullable<TensorStructureSeedsOptions['classes']>,
  n: number,
  K: number,
): Float32Array {
  const lists = isNested(classes) ? classes : Array.from({ length: n }, () => classes);
  if (lists.length !== n) {
    throw new ValueError(where, 'classes', `to be one list, or one for each of ${n} images`, classes);
  }
  const values = new Float32Array(n * K);
  for (const [i, list] of lists.entries()) values.set(takingPart(where, list, K), i * K);
  return values;
}

const isNested = (
  classes: readonly number[] | readonly (readonly number[])[],
): classes is readonly (readonly number[])[] => classes.length > 0 && Array.isArray(classes[0]);
