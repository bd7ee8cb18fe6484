import * as tf from '@tensorflow/tfjs-core';
import { type Array64, at, type Draw, distinct, normal, tabulate, within } from '../array64';
import { type OperationCase, operationCase } from '../operation-case';

/** Combines the values along axes. */
export function reduce(x: Array64, axes: readonly number[], keep: boolean, f: (values: number[]) => number): Array64 {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const reduced = x.shape.map((n, axis) => (axes.includes(axis) ? n : 1));
  const full = tabulate(kept, (index) => {
    const values: number[] = [];
    tabulate(reduced, (offset) => {
      values.push(
        at(
          x,
          index.map((i, axis) => i + offset[axis]!),
        ),
      );
      return 0;
    });
    return f(values);
  });
  return { shape: keep ? kept : x.shape.filter((_, axis) => !axes.includes(axis)), values: full.values };
}

type Reduction = (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor;

const sum = (values: number[]): number => values.reduce((total, v) => total + v, 0);
const product = (values: number[]): number => values.reduce((total, v) => total * v, 1);

const reductions_: [string, Reduction, (values: number[]) => number, Draw][] = [
  ['sum', tf.sum, sum, normal],
  ['mean', tf.mean, (values) => sum(values) / values.length, normal],
  ['max', tf.max, (values) => Math.max(...values), distinct(-9)],
  ['min', tf.min, (values) => Math.min(...values), distinct(9)],
  ['prod', tf.prod, product, within(0.5, 1.5)],
  ['logSumExp', tf.logSumExp, (values) => Math.log(sum(values.map(Math.exp))), normal],
];

const settings: [number[], number[], boolean][] = [
  [[2, 3, 4, 5], [1, 2], false],
  [[2, 3, 4, 5], [3], true],
  [[2, 3, 4, 5], [0, 1, 2], false],
  [[2, 3, 4, 5], [0, 2], true],
  [[7], [0], false],
];

/** One axis: running, or shared out. */
function along(x: Array64, axis: number, f: (values: number[], i: number) => number): Array64 {
  return tabulate(x.shape, (index) => {
    const values = Array.from({ length: x.shape[axis]! }, (_, i) =>
      at(
        x,
        index.map((k, d) => (d === axis ? i : k)),
      ),
    );
    return f(values, index[axis]!);
  });
}

const running =
  (combine: (values: number[]) => number, exclusive: boolean, reverse: boolean) =>
  (values: number[], i: number): number => {
    const skip = exclusive ? 1 : 0;
    return combine(reverse ? values.slice(i + skip) : values.slice(0, i + 1 - skip));
  };

const zeroAmongThem: Draw = (random, size) => normal(random, size).map((v, i) => (i % 5 === 2 ? 0 : v));

/** Sums, means, extremes and products; softmax; running sums. */
export const reductions: OperationCase[] = [
  ...reductions_.flatMap(([name, run, f, draw]) =>
    settings.map(([shape, axes, keep]) =>
      operationCase(
        name,
        `[${shape.join(', ')}] over ${axes.join(', ')}${keep ? ', kept' : ''}`,
        [{ shape, draw }],
        (x) => run(x, axes, keep),
        (x) => reduce(x, axes, keep, f),
      ),
    ),
  ),
  operationCase(
    'prod',
    'with zeros',
    [{ shape: [3, 4], draw: zeroAmongThem }],
    (x) => tf.prod(x, 1),
    (x) => reduce(x, [1], false, product),
  ),
  operationCase(
    'softmax',
    '[3, 2, 5]',
    [[3, 2, 5]],
    (x) => tf.softmax(x),
    (x) => along(x, 2, (values, i) => Math.exp(values[i]!) / sum(values.map(Math.exp))),
  ),
  operationCase(
    'logSoftmax',
    '[3, 2, 5]',
    [[3, 2, 5]],
    (x) => tf.logSoftmax(x),
    (x) => along(x, 2, (values, i) => values[i]! - Math.log(sum(values.map(Math.exp)))),
  ),
  ...[0, 1, 2].flatMap((axis) =>
    [false, true].flatMap((exclusive) =>
      [false, true].flatMap((reverse) => {
        const setting = `axis ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`;
        return [
          operationCase(
            'cumsum',
            setting,
            [[3, 4, 2]],
            (x) => tf.cumsum(x, axis, exclusive, reverse),
            (x) => along(x, axis, running(sum, exclusive, reverse)),
          ),
          operationCase(
            'cumprod',
            setting,
            [{ shape: [3, 4, 2], draw: zeroAmongThem }],
            (x) => tf.cumprod(x, axis, exclusive, reverse),
            (x) => along(x, axis, running(product, exclusive, reverse)),
          ),
        ];
      }),
    ),
  ),
];
