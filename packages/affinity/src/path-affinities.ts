import {
  concat,
  equal,
  greater,
  logicalAnd,
  maximum,
  mul,
  type Rank,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '@wsss/core';
import { floatTensor, type TensorInput, withGradient } from '@wsss/core/tensor';
import { checkStencil } from './check-stencil';
import { type Paths, paths } from './kernels/path-offsets';
import { pairCounts, type Stencil } from './kernels/stencil';
import { PlaceSums } from './place-sums';

/**
 * Affinities from class boundaries for training, with their gradient: 1 − the highest boundary on the way between two
 * cells. The gradient goes to the first cell that has the highest, counted from the partner, as in torch.
 *
 * @param edge Probabilities, `[h, w]`, `[n, h, w]` or `[n, h, w, 1]`.
 * @param options.radius 10 in IRN's training. @default 10
 * @returns `[P, M]` or `[n, P, M]`: official border, IRN's order of offsets.
 * @throws {ShapeError} if it is no boundary map, or too small for the radius.
 * @throws {ValueError} if the radius is not a whole number ≥ 2.
 *
 * Source: Ahn, Cho & Kwak, CVPR 2019 (a_ij = 1 − max B(x_k) over the way from i to j).
 */
export function pathAffinities(edge: TensorInput, { radius = 10 }: { readonly radius?: number } = {}): Tensor {
  const where = 'pathAffinities';
  const { shape } = edge;
  const rank = shape.length;
  if (rank < 2 || rank > 4 || (rank === 4 && shape[3] !== 1) || shape.includes(0)) {
    throw new ShapeError(where, 'edge', 'of shape [h, w], [n, h, w] or [n, h, w, 1]', shape);
  }
  if (radius === 1) throw new ValueError(where, 'radius', 'to be at least 2', radius, 'There are no pairs.');
  const [n, h, w] = rank === 2 ? [1, shape[0]!, shape[1]!] : (shape as [number, number, number]);
  checkStencil(where, 'edge', [h, w], radius, 'official');
  const ways = paths(radius);
  const pairs = checkStencil(where, 'edge', [h, w], radius, 'official', ways.offsets);
  return tidy(() => {
    const x = reshape(floatTensor(where, 'edge', edge), [n, h, w, 1]);
    const affinity = withGradient<Rank.R3>(
      [x],
      ([x], save) => {
        save([x!]);
        return forward(x as Tensor4D, pairs, ways);
      },
      (gradient, [x]) => [backward(x as Tensor4D, gradient, pairs, ways)],
    );
    return rank === 2 ? reshape(affinity, pairCounts(pairs)) : affinity;
  });
}

/** The boundary at each cell of way p, for all sources: [n, rows, columns, 1] each, and where the slices begin. */
function cellsOfWay(x: Tensor4D, { top, left, rows, columns }: Stencil, { points, starts }: Paths, p: number) {
  return Array.from({ length: starts[p + 1]! - starts[p]! }, (_, i) => {
    const at = 2 * (starts[p]! + i);
    const [y, column] = [top + points[at]!, left + points[at + 1]!];
    return { y, x: column, edge: slice(x, [0, y, column, 0], [x.shape[0], rows, columns, 1]) };
  });
}

function forward(x: Tensor4D, pairs: Stencil, ways: Paths): Tensor3D {
  const [P, M] = pairCounts(pairs);
  const rows = Array.from({ length: P }, (_, p) =>
    tidy(() => {
      const cells = cellsOfWay(x, pairs, ways, p).map(({ edge }) => edge);
      return reshape(
        sub(
          1,
          cells.reduce((a, b) => maximum(a, b)),
        ),
        [x.shape[0], 1, M],
      );
    }),
  );
  return concat(rows, 1) as Tensor3D;
}

function backward(x: Tensor4D, gradient: Tensor3D, pairs: Stencil, ways: Paths): Tensor4D {
  const sums = new PlaceSums(x.shape);
  const [P] = pairCounts(pairs);
  const shape: [number, number, number, number] = [x.shape[0], pairs.rows, pairs.columns, 1];
  for (let p = 0; p < P; p++) {
    const slopes = tidy(() => {
      const cells = cellsOfWay(x, pairs, ways, p);
      const highest = cells.map(({ edge }) => edge).reduce((a, b) => maximum(a, b));
      // What is left of each source's gradient: all of it until the first highest cell took it.
      let left = mul(reshape(slice(gradient, [0, p, 0], [shape[0], 1, -1]), shape), -1) as Tensor4D;
      let free = equal(highest, highest);
      return cells.map(({ y, x: column, edge }) => {
        const here = logicalAnd(free, equal(edge, highest));
        const slope = where(here, left, zerosLike(left)) as Tensor4D;
        free = logicalAnd(free, greater(highest, edge));
        left = sub(left, slope);
        return { y, x: column, slope };
      });
    });
    for (const { y, x: column, slope } of slopes) sums.add(y, column, slope, 1, true);
  }
  return sums.total()!;
}
