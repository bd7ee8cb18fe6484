import {
  abs,
  concat,
  exp,
  mean,
  mul,
  neg,
  pad,
  type Rank,
  reshape,
  sign,
  slice,
  sub,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '@wsss/core';
import { floatTensor, type TensorInput, withGradient } from '@wsss/core/tensor';
import { checkStencil } from './check-stencil';
import { type Border, insideSources, pairCounts, type Stencil } from './kernels/stencil';
import { PlaceSums } from './place-sums';

export interface PairAffinitiesOptions {
  /** Pairs are closer than this, in cells. @default 5 */
  readonly radius?: number;
  /** See {@link affinityPairs}. With `'full'` what is no pair has affinity 0. @default 'official' */
  readonly border?: Border;
}

/**
 * Affinities of pairs of cells from their features, exp(−mean_c |f_i − f_j|), with its gradient. Pairs are slices of the
 * map: nothing larger than the features of the cells at one offset is ever made, forward or backward.
 *
 * @param features `[h, w, F]` or `[n, h, w, F]`.
 * @returns In (0, 1], `[P, M]` or `[n, P, M]`.
 * @throws {ShapeError} if it is no feature map, or too small for the radius.
 * @throws {ValueError} if the radius is not a whole number ≥ 2 (at 1 there are no pairs).
 *
 * Source: Ahn & Kwak, CVPR 2018 (semantic affinity); the mean over the channels is the released code's.
 */
export function pairAffinities(
  features: TensorInput,
  { radius = 5, border = 'official' }: PairAffinitiesOptions = {},
): Tensor {
  const { shape } = features;
  if ((shape.length !== 3 && shape.length !== 4) || shape.includes(0)) {
    throw new ShapeError('pairAffinities', 'features', 'of shape [h, w, F] or [n, h, w, F], no size 0', shape);
  }
  if (radius === 1) throw new ValueError('pairAffinities', 'radius', 'to be at least 2', radius, 'There are no pairs.');
  const [h, w, F] = shape.slice(-3) as [number, number, number];
  const pairs = checkStencil('pairAffinities', 'features', [h, w], radius, border);
  return tidy(() => {
    const x = reshape(floatTensor('pairAffinities', 'features', features), [-1, h, w, F]);
    const affinity = withGradient<Rank.R3>(
      [x],
      ([x], save) => {
        const value = forward(x as Tensor4D, pairs);
        save([x!, value]);
        return value;
      },
      (gradient, [x, value]) => [backward(x as Tensor4D, mul(gradient, value!), pairs)],
    );
    return shape.length === 4 ? affinity : reshape(affinity, pairCounts(pairs));
  });
}

/** The cells of the pairs at one offset: where they begin and how many there are. */
function block(pairs: Stencil, p: number) {
  const [dy, dx] = [pairs.offsets[2 * p]!, pairs.offsets[2 * p + 1]!];
  const { y0, y1, x0, x1 } = insideSources(pairs, dy, dx);
  return { dy, dx, y0, x0, rows: Math.max(0, y1 - y0), columns: Math.max(0, x1 - x0) };
}

type Block = ReturnType<typeof block>;

const blocks = (pairs: Stencil): Block[] => Array.from({ length: pairs.offsets.length / 2 }, (_, p) => block(pairs, p));

/** f_i − f_j, `[n, rows, columns, F]`. */
function differences(x: Tensor4D, { dy, dx, y0, x0, rows, columns }: Block): Tensor4D {
  const [n, , , F] = x.shape;
  const part = (y: number, x0: number) => slice(x, [0, y, x0, 0], [n, rows, columns, F]);
  return sub(part(y0, x0), part(y0 + dy, x0 + dx));
}

function forward(x: Tensor4D, pairs: Stencil): Tensor3D {
  const n = x.shape[0];
  const [, M] = pairCounts(pairs);
  const rows = blocks(pairs).map((each) => {
    return tidy(() => {
      // Without a pair there is nothing to slice.
      if (each.rows * each.columns === 0) return zeros<Rank.R3>([n, 1, M]);
      const affinity = exp(neg(mean(abs(differences(x, each)), 3))) as Tensor3D;
      return reshape(pad(affinity, [[0, 0], ...around(each, pairs)]), [n, 1, M]);
    });
  });
  return concat(rows, 1) as Tensor3D;
}

/** What lies around the block in the rectangle of the sources. */
function around({ y0, x0, rows, columns }: Block, { top, left, ...all }: Stencil): [number, number][] {
  return [
    [y0 - top, top + all.rows - y0 - rows],
    [x0 - left, left + all.columns - x0 - columns],
  ];
}

/**
 * @param gradient Of the affinities, times the affinities: −Σ over channels of what each |f_i − f_j| / F gets.
 */
function backward(x: Tensor4D, gradient: Tensor3D, pairs: Stencil): Tensor4D {
  const [n, , , F] = x.shape;
  const { rows, columns, top, left } = pairs;
  const sums = new PlaceSums(x.shape);
  for (const [p, each] of blocks(pairs).entries()) {
    if (each.rows * each.columns === 0) continue;
    const slope = tidy(() => {
      const all = reshape(slice(gradient, [0, p, 0], [n, 1, -1]), [n, rows, columns]);
      const inside = slice(all, [0, each.y0 - top, each.x0 - left], [n, each.rows, each.columns]);
      const factor = reshape(mul(inside, 1 / F), [n, each.rows, each.columns, 1]);
      return mul(sign(differences(x, each)), factor) as Tensor4D;
    });
    sums.add(each.y0, each.x0, slope, -1, false);
    sums.add(each.y0 + each.dy, each.x0 + each.dx, slope, 1, true);
  }
  return sums.total() ?? zerosLike(x);
}
