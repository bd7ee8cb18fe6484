import {
  abs,
  add,
  div,
  mul,
  type Rank,
  reshape,
  type Scalar,
  scalar,
  sign,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import { matchShape } from '@wsss/core';
import { floatTensor, type TensorInput, withGradient } from '@wsss/core/tensor';
import { checkStencil } from './check-stencil';
import { irnOffsets } from './kernels/path-offsets';
import { pairCounts, type Stencil } from './kernels/stencil';
import { PlaceSums } from './place-sums';

export interface DisplacementLossOptions {
  /** What the labels were made with. @default 10 */
  readonly radius?: number;
}

/**
 * The loss of IRN's displacement field. Two cells of the same object point at the same centre, so that their vectors
 * differ by the way between them; in the background they are to be alike. Means of |D_i − D_j − (x_j − x_i)| over the
 * pairs of one foreground class, and of |D_i − D_j| over pairs of background.
 *
 * @param displacement (dy, dx) of each cell, `[n, h, w, 2]`.
 * @param labels `[n, P, M]`, 0 or 1, in IRN's order of offsets.
 * @returns Scalars that can be differentiated; 0 where there is no such pair.
 * @throws {ShapeError} if labels are for other pairs.
 *
 * Source: Ahn, Cho & Kwak, CVPR 2019 (loss of the displacement field); ε = 1e-5 of the released code.
 */
export function displacementLoss(
  displacement: TensorInput,
  labels: { readonly backgroundPositive: TensorInput; readonly foregroundPositive: TensorInput },
  { radius = 10 }: DisplacementLossOptions = {},
): { foreground: Scalar; background: Scalar } {
  const name = 'displacementLoss';
  const { n, h, w } = matchShape(name, 'displacement', displacement.shape, ['n', 'h', 'w', 2]);
  checkStencil(name, 'displacement', [h, w], radius, 'official');
  const pairs = checkStencil(name, 'displacement', [h, w], radius, 'official', irnOffsets(radius));
  const shape = [n, ...pairCounts(pairs)] as const;
  for (const kind of ['backgroundPositive', 'foregroundPositive'] as const) {
    matchShape(name, `labels.${kind}`, labels?.[kind]?.shape, shape);
  }
  return tidy(() => {
    const x = floatTensor(name, 'displacement', displacement);
    const mask = (kind: keyof typeof labels) => floatTensor(name, `labels.${kind}`, labels[kind]);
    return {
      foreground: meanDifference(x, mask('foregroundPositive'), pairs, true),
      background: meanDifference(x, mask('backgroundPositive'), pairs, false),
    };
  });
}

/** D_i − D_j of the pairs at offset p, less the offset where the object moves along, `[n, rows, columns, 2]`. */
function difference(x: Tensor4D, { top, left, rows, columns, offsets }: Stencil, p: number, moving: boolean): Tensor4D {
  const size = [x.shape[0], rows, columns, 2] as const;
  const [dy, dx] = [offsets[2 * p]!, offsets[2 * p + 1]!];
  const apart = sub(slice(x, [0, top, left, 0], [...size]), slice(x, [0, top + dy, left + dx, 0], [...size]));
  return moving ? sub(apart, tensor4d([dy, dx], [1, 1, 1, 2])) : (apart as Tensor4D);
}

const maskAt = (mask: Tensor, { rows, columns }: Stencil, p: number) =>
  reshape(slice(mask, [0, p, 0], [mask.shape[0]!, 1, -1]), [mask.shape[0]!, rows, columns, 1]);

function meanDifference(x: Tensor, mask: Tensor, pairs: Stencil, moving: boolean): Scalar {
  const [P] = pairCounts(pairs);
  return withGradient<Rank.R0>(
    [x],
    ([x], save) => {
      const count = add(mul(sum(mask), 2), 1e-5);
      save([x!, mask, count]);
      let total: Scalar = scalar(0);
      for (let p = 0; p < P; p++) {
        total = tidy(() => {
          const term = mul(abs(difference(x as Tensor4D, pairs, p, moving)), maskAt(mask, pairs, p));
          return add(total, sum(term)) as Scalar;
        });
      }
      return div(total, count);
    },
    (gradient, [x, mask, count]) => {
      const sums = new PlaceSums(x!.shape);
      const factor = div(gradient, count!);
      for (let p = 0; p < P; p++) {
        const slope = tidy(() => {
          const signs = sign(difference(x as Tensor4D, pairs, p, moving));
          return mul(mul(signs, maskAt(mask!, pairs, p)), factor) as Tensor4D;
        });
        const [dy, dx] = [pairs.offsets[2 * p]!, pairs.offsets[2 * p + 1]!];
        sums.add(pairs.top, pairs.left, slope, 1, false);
        sums.add(pairs.top + dy, pairs.left + dx, slope, -1, true);
      }
      return [sums.total()!];
    },
  );
}
