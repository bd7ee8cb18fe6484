import * as tf from '@tensorflow/tfjs-core';
import { type Array64, array64, at, tabulate } from '../array64';
import { type OperationCase, operationCase } from '../operation-case';

type Index = readonly number[];

/** A case whose every result is one value of the only input, or 0 where `from` gives none. */
function moved(
  operation: string,
  setting: string,
  shape: Index,
  to: Index,
  run: (x: tf.Tensor) => tf.Tensor,
  from: (index: Index) => Index | undefined,
): OperationCase {
  return operationCase(operation, setting, [shape], run, (x) =>
    tabulate(to, (index) => {
      const source = from(index);
      return source ? at(x, source) : 0;
    }),
  );
}

const flat = (x: Array64, shape: Index): Array64 => ({ shape, values: x.values });

/** Joins along an axis. */
function concat(parts: readonly Array64[], axis: number): Array64 {
  const total = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return tabulate(
    parts[0]!.shape.map((n, d) => (d === axis ? total : n)),
    (index) => {
      let place = index[axis]!;
      for (const part of parts) {
        if (place < part.shape[axis]!)
          return at(
            part,
            index.map((k, d) => (d === axis ? place : k)),
          );
        place -= part.shape[axis]!;
      }
      return Number.NaN;
    },
  );
}

/** Rows taken twice, and rows never taken. */
const rows = [3, 0, 3, 3, 1];
const batched = [2, 0, 0, 1, 1, 1];

const gathers: OperationCase[] = [
  ...[0, 1, 2].map((axis) =>
    moved(
      'gather',
      `axis ${axis}`,
      [4, 5, 4],
      [4, 5, 4].map((n, d) => (d === axis ? rows.length : n)),
      (x) => tf.gather(x, tf.tensor1d(rows, 'int32'), axis),
      (index) => index.map((k, d) => (d === axis ? rows[k]! : k)),
    ),
  ),
  moved(
    'gather',
    'indices of rank 2, axis 1',
    [2, 4, 3],
    [2, 2, 2, 3],
    (x) => tf.gather(x, tf.tensor2d([3, 0, 3, 1], [2, 2], 'int32'), 1),
    ([i, j, k, l]) => [i!, [3, 0, 3, 1][j! * 2 + k!]!, l!],
  ),
  moved(
    'gather',
    'one batch axis',
    [2, 3, 2],
    [2, 3, 2],
    (x) => tf.gather(x, tf.tensor2d(batched, [2, 3], 'int32'), 1, 1),
    ([b, i, k]) => [b!, batched[b! * 3 + i!]!, k!],
  ),
  moved(
    'gatherND',
    'pairs',
    [3, 4, 2],
    [4, 2],
    (x) => tf.gatherND(x, tf.tensor2d([0, 1, 2, 3, 0, 1, 1, 0], [4, 2], 'int32')),
    ([i, k]) => [[0, 2, 0, 1][i!]!, [1, 3, 1, 0][i!]!, k!],
  ),
  operationCase(
    'scatterND',
    'rows, one of them twice',
    [[3, 2]],
    (x) => tf.scatterND(tf.tensor2d([4, 0, 4], [3, 1], 'int32'), x, [5, 2]),
    (x) => tabulate([5, 2], ([i, k]) => [4, 0, 4].reduce((sum, row, j) => sum + (row === i ? at(x, [j, k!]) : 0), 0)),
  ),
  operationCase(
    'tensorScatterUpdate',
    'rows',
    [
      [5, 2],
      [2, 2],
    ],
    (x, updates) => tf.tensorScatterUpdate(x, tf.tensor2d([4, 0], [2, 1], 'int32'), updates),
    (x, updates) =>
      tabulate([5, 2], ([i, k]) => (i === 4 ? at(updates, [0, k!]) : i === 0 ? at(updates, [1, k!]) : at(x, [i!, k!]))),
  ),
  operationCase(
    'unsortedSegmentSum',
    'one id outside',
    [[5, 2]],
    (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1, -1, 2], 'int32'), 4),
    (x) =>
      tabulate([4, 2], ([s, k]) => [1, 0, 1, -1, 2].reduce((sum, id, i) => sum + (id === s ? at(x, [i, k!]) : 0), 0)),
  ),
  operationCase(
    'topk',
    'k = 2',
    [[3, 5]],
    (x) => tf.topk(x, 2).values,
    (x) => tabulate([3, 2], ([i, k]) => [...x.values.slice(i! * 5, i! * 5 + 5)].sort((a, b) => b - a)[k!]!),
  ),
];

/** Operations that move values, repeat them, or leave some out. */
export const movement: OperationCase[] = [
  ...gathers,
  ...[
    [1, 0, 2],
    [2, 0, 1],
    [2, 1, 0],
    [0, 2, 1],
  ].map((order) =>
    moved(
      'transpose',
      `[2, 3, 5] by ${order.join(', ')}`,
      [2, 3, 5],
      order.map((axis) => [2, 3, 5][axis]!),
      (x) => tf.transpose(x, order),
      (index) => [0, 1, 2].map((axis) => index[order.indexOf(axis)]!),
    ),
  ),
  operationCase(
    'reshape',
    '[2, 3, 4] → [6, 4]',
    [[2, 3, 4]],
    (x) => tf.reshape(x, [6, 4]),
    (x) => flat(x, [6, 4]),
  ),
  operationCase(
    'expandDims',
    'axis 1',
    [[2, 3]],
    (x) => tf.expandDims(x, 1),
    (x) => flat(x, [2, 1, 3]),
  ),
  operationCase(
    'squeeze',
    '[2, 1, 3]',
    [[2, 1, 3]],
    (x) => tf.squeeze(x),
    (x) => flat(x, [2, 3]),
  ),
  ...[0, 1, 2].map((axis) =>
    operationCase(
      'concat',
      `axis ${axis}`,
      [1, 3, 2].map((size) => [2, 3, 2].map((n, d) => (d === axis ? size : n))),
      (...parts) => tf.concat(parts, axis),
      (...parts) => concat(parts, axis),
    ),
  ),
  operationCase(
    'stack',
    'axis 1',
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.stack([a, b], 1),
    (a, b) => tabulate([2, 2, 3], ([i, k, j]) => at(k === 0 ? a : b, [i!, j!])),
  ),
  moved(
    'unstack',
    'axis 1, the last',
    [2, 3, 4],
    [2, 4],
    (x) => tf.unstack(x, 1)[2]!,
    ([i, j]) => [i!, 2, j!],
  ),
  moved(
    'split',
    'sizes 2, 3; the second',
    [2, 5],
    [2, 3],
    (x) => tf.split(x, [2, 3], 1)[1]!,
    ([i, j]) => [i!, j! + 2],
  ),
  moved(
    'slice',
    '3 axes',
    [4, 5, 3],
    [2, 3, 2],
    (x) => tf.slice(x, [1, 2, 1], [2, 3, 2]),
    ([i, j, k]) => [i! + 1, j! + 2, k! + 1],
  ),
  moved(
    'slice',
    'to the end',
    [4, 5],
    [3, 4],
    (x) => tf.slice(x, [1, 1], [-1, -1]),
    ([i, j]) => [i! + 1, j! + 1],
  ),
  moved(
    'stridedSlice',
    'strides 2 and −1',
    [5, 4, 2],
    [3, 3, 2],
    (x) => tf.stridedSlice(x, [0, 3], [5, 0], [2, -1]),
    ([i, j, k]) => [2 * i!, 3 - j!, k!],
  ),
  moved(
    'stridedSlice',
    'one axis taken away',
    [5, 4, 3],
    [4, 2],
    (x) => tf.stridedSlice(x, [2, 0, 0], [3, 4, 3], [1, 1, 2], 0, 0, 0, 0, 1),
    ([j, k]) => [2, j!, 2 * k!],
  ),
  moved(
    'pad',
    'with zeros',
    [2, 3],
    [5, 6],
    (x) =>
      tf.pad(x, [
        [1, 2],
        [0, 3],
      ]),
    ([i, j]) => (i! >= 1 && i! < 3 && j! < 3 ? [i! - 1, j!] : undefined),
  ),
  moved(
    'tile',
    '2 and 3 times',
    [2, 3],
    [4, 9],
    (x) => tf.tile(x, [2, 3]),
    ([i, j]) => [i! % 2, j! % 3],
  ),
  moved(
    'broadcastTo',
    '[3, 1] → [2, 3, 4]',
    [3, 1],
    [2, 3, 4],
    (x) => tf.broadcastTo(x, [2, 3, 4]),
    ([, j]) => [j!, 0],
  ),
  moved(
    'reverse',
    'axes 0 and 2',
    [2, 3, 4],
    [2, 3, 4],
    (x) => tf.reverse(x, [0, 2]),
    ([i, j, k]) => [1 - i!, j!, 3 - k!],
  ),
  moved(
    'flipLeftRight',
    '[2, 3, 4, 2]',
    [2, 3, 4, 2],
    [2, 3, 4, 2],
    (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    ([n, i, j, c]) => [n!, i!, 3 - j!, c!],
  ),
  moved(
    'depthToSpace',
    'blocks of 2',
    [1, 2, 3, 8],
    [1, 4, 6, 2],
    (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
    ([n, i, j, c]) => [n!, i! >> 1, j! >> 1, ((i! & 1) * 2 + (j! & 1)) * 2 + c!],
  ),
  moved(
    'spaceToBatchND',
    'blocks of 2',
    [1, 3, 4, 2],
    [4, 2, 2, 2],
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [1, 0],
          [0, 0],
        ],
      ),
    ([b, i, j, c]) => {
      const y = 2 * i! + (b! >> 1) - 1;
      return y < 0 ? undefined : [0, y, 2 * j! + (b! & 1), c!];
    },
  ),
  moved(
    'batchToSpaceND',
    'blocks of 2',
    [4, 2, 2, 3],
    [1, 3, 4, 3],
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [0, 0],
        ],
      ),
    ([, i, j, c]) => [(i! & 1) * 2 + (j! & 1), i! >> 1, j! >> 1, c!],
  ),
  operationCase(
    'diag',
    '[4]',
    [[4]],
    (x) => tf.diag(x as tf.Tensor1D),
    (x) => tabulate([4, 4], ([i, j]) => (i === j ? at(x, [i!]) : 0)),
  ),
  operationCase(
    'addN',
    'three',
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    (...parts) => tf.addN(parts),
    (a, b, c) =>
      array64(
        [2, 3],
        a.values.map((v, i) => v + b.values[i]! + c.values[i]!),
      ),
  ),
];
