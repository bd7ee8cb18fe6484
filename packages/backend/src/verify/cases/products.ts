import * as tf from '@tensorflow/tfjs-core';
import { type Array64, array64, at, broadcastAt, tabulate, within } from '../array64';
import { type OperationCase, operationCase } from '../operation-case';
import { reduce } from './reductions';

/** Products of the last two axes. */
function matMul(a: Array64, b: Array64, transposeA: boolean, transposeB: boolean): Array64 {
  const [rank, k] = [a.shape.length, transposeA ? a.shape.at(-2)! : a.shape.at(-1)!];
  const [m, n] = [transposeA ? a.shape.at(-1)! : a.shape.at(-2)!, transposeB ? b.shape.at(-2)! : b.shape.at(-1)!];
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return tabulate([...batch, m, n], (index) => {
    const [before, i, j] = [index.slice(0, -2), index[rank - 2]!, index[rank - 1]!];
    let sum = 0;
    for (let l = 0; l < k; l++) {
      const left = broadcastAt(a, [...before, ...(transposeA ? [l, i] : [i, l])]);
      sum += left * broadcastAt(b, [...before, ...(transposeB ? [j, l] : [l, j])]);
    }
    return sum;
  });
}

const products: OperationCase[] = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) =>
    (
      [
        [[], []],
        [[3], [3]],
        [[3], [1]],
      ] as [number[], number[]][]
    ).map(([batchA, batchB]) =>
      operationCase(
        'matMul',
        `batches [${batchA}] and [${batchB}]${transposeA ? ', aᵀ' : ''}${transposeB ? ', bᵀ' : ''}`,
        [
          [...batchA, ...(transposeA ? [5, 4] : [4, 5])],
          [...batchB, ...(transposeB ? [3, 5] : [5, 3])],
        ],
        (a, b) => tf.matMul(a, b, transposeA, transposeB),
        (a, b) => matMul(a, b, transposeA, transposeB),
      ),
    ),
  ),
);

/** What of a batch norm is given. */
function batchNorm(x: Array64, mean: Array64, variance: Array64, offset?: Array64, scale?: Array64): Array64 {
  return tabulate(x.shape, (index) => {
    const of = (array: Array64) => broadcastAt(array, index);
    const normal = (at(x, index) - of(mean)) / Math.sqrt(of(variance) + 1e-3);
    return normal * (scale ? of(scale) : 1) + (offset ? of(offset) : 0);
  });
}

const positive = within(0.5, 2);

/** Frozen: mean and variance are given. */
const batchNorms: OperationCase[] = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
].flatMap(([hasScale, hasOffset]) =>
  [[3], [2, 4, 5, 3]].map((shape) =>
    operationCase(
      'batchNorm',
      `parameters [${shape}]${hasScale ? '' : ', no scale'}${hasOffset ? '' : ', no offset'}`,
      [[2, 4, 5, 3], shape, { shape, draw: positive }, ...(hasScale ? [shape] : []), ...(hasOffset ? [shape] : [])],
      (x, mean, variance, ...rest) =>
        tf.batchNorm(
          x,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          hasOffset ? (rest.at(-1) as tf.Tensor1D) : undefined,
          hasScale ? (rest[0] as tf.Tensor1D) : undefined,
          1e-3,
        ),
      (x, mean, variance, ...rest) =>
        batchNorm(x, mean, variance, hasOffset ? rest.at(-1) : undefined, hasScale ? rest[0] : undefined),
    ),
  ),
);

/** Trained: mean and variance are those of the batch. */
const trainedNorm = operationCase(
  'batchNorm',
  'with the moments of the batch',
  [[3, 4, 5, 2], [2], [2]],
  (x, offset, scale) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    return tf.batchNorm(
      x,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      1e-3,
    );
  },
  (x, offset, scale) => {
    const average = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const mean = reduce(x, [0, 1, 2], false, average);
    const centred = tabulate(x.shape, (index) => (at(x, index) - broadcastAt(mean, index)) ** 2);
    return batchNorm(x, mean, reduce(centred, [0, 1, 2], false, average), offset, scale);
  },
);

/** x / (bias + α Σ x²)^β over neighbouring channels. */
const localResponse = operationCase(
  'localResponseNormalization',
  'radius 2',
  [[1, 2, 3, 6]],
  (x) => tf.localResponseNormalization(x as tf.Tensor4D, 2, 1.5, 0.3, 0.75),
  (x) =>
    tabulate(x.shape, ([n, h, w, c]) => {
      let sum = 0;
      for (let i = Math.max(0, c! - 2); i <= Math.min(5, c! + 2); i++) sum += at(x, [n!, h!, w!, i]) ** 2;
      return at(x, [n!, h!, w!, c!]) / (1.5 + 0.3 * sum) ** 0.75;
    }),
);

/** Sums of products: matrix products and normalisations. */
export const productsAndNorms: OperationCase[] = [
  ...products,
  operationCase(
    'dot',
    'vectors',
    [[5], [5]],
    (a, b) => tf.dot(a, b),
    (a, b) => array64([], [a.values.reduce((sum, v, i) => sum + v * b.values[i]!, 0)]),
  ),
  ...batchNorms,
  trainedNorm,
  localResponse,
];
