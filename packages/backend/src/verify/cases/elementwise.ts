import * as tf from '@tensorflow/tfjs-core';
import { broadcastAt, type Draw, distinct, normal, tabulate, within } from '../array64';
import { type OperationCase, operationCase } from '../operation-case';

type Unary = (x: tf.Tensor) => tf.Tensor;

/** Away from its kinks, so that finite differences do not cross one. */
const offGrid: Draw = distinct(1 / 256, 1 / 16);
const between = within(-0.9, 0.9);
const positive = within(0.3, 3);

/** Abramowitz & Stegun 7.1.5: the series of the error function. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

/** Name, function of tensors, function of a number, and where it is tried. */
const unary: [string, Unary, (x: number) => number, Draw][] = [
  ['abs', tf.abs, Math.abs, offGrid],
  ['acos', tf.acos, Math.acos, between],
  ['acosh', tf.acosh, Math.acosh, within(1.2, 4)],
  ['asin', tf.asin, Math.asin, between],
  ['asinh', tf.asinh, Math.asinh, normal],
  ['atan', tf.atan, Math.atan, normal],
  ['atanh', tf.atanh, Math.atanh, between],
  ['clipByValue', (x) => tf.clipByValue(x, -0.5, 0.75), (x) => Math.min(Math.max(x, -0.5), 0.75), offGrid],
  ['cos', tf.cos, Math.cos, normal],
  ['cosh', tf.cosh, Math.cosh, normal],
  ['elu', tf.elu, (x) => (x > 0 ? x : Math.expm1(x)), offGrid],
  ['erf', tf.erf, erf, normal],
  ['exp', tf.exp, Math.exp, normal],
  ['expm1', tf.expm1, Math.expm1, normal],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.1), (x) => (x > 0 ? x : 0.1 * x), offGrid],
  ['log', tf.log, Math.log, positive],
  ['log1p', tf.log1p, Math.log1p, positive],
  ['logSigmoid', tf.logSigmoid, (x) => -Math.log1p(Math.exp(-x)), normal],
  ['neg', tf.neg, (x) => -x, normal],
  ['reciprocal', tf.reciprocal, (x) => 1 / x, positive],
  ['relu', tf.relu, (x) => Math.max(x, 0), offGrid],
  ['relu6', tf.relu6, (x) => Math.min(Math.max(x, 0), 6), distinct(3 + 1 / 256, 1 / 4)],
  ['rsqrt', tf.rsqrt, (x) => 1 / Math.sqrt(x), positive],
  ['selu', tf.selu, (x) => SELU.scale * (x > 0 ? x : SELU.alpha * Math.expm1(x)), offGrid],
  ['sigmoid', tf.sigmoid, sigmoid, normal],
  ['sin', tf.sin, Math.sin, normal],
  ['sinh', tf.sinh, Math.sinh, normal],
  ['softplus', tf.softplus, (x) => Math.log1p(Math.exp(x)), normal],
  ['sqrt', tf.sqrt, Math.sqrt, positive],
  ['square', tf.square, (x) => x * x, normal],
  ['tan', tf.tan, Math.tan, between],
  ['tanh', tf.tanh, Math.tanh, normal],
  // Zero gradient wherever it exists.
  ['ceil', tf.ceil, Math.ceil, offGrid],
  ['floor', tf.floor, Math.floor, offGrid],
  ['round', tf.round, Math.round, distinct(1 / 256, 1 / 5)],
  ['sign', tf.sign, Math.sign, offGrid],
  ['step', (x) => tf.step(x, 0.25), (x) => (x > 0 ? 1 : 0.25), offGrid],
  ['zerosLike', (x) => tf.add(x, tf.zerosLike(x)), (x) => x, normal],
  ['onesLike', (x) => tf.mul(x, tf.onesLike(x)), (x) => x, normal],
  ['cast', (x) => tf.cast(tf.cast(x, 'float32'), 'float32'), (x) => x, normal],
  ['clone', (x) => tf.clone(x), (x) => x, normal],
];

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const binary: [string, Binary, (a: number, b: number) => number, Draw, Draw][] = [
  ['add', tf.add, (a, b) => a + b, normal, normal],
  ['sub', tf.sub, (a, b) => a - b, normal, normal],
  ['mul', tf.mul, (a, b) => a * b, normal, normal],
  ['div', tf.div, (a, b) => a / b, normal, positive],
  ['maximum', tf.maximum, Math.max, offGrid, distinct(0, 1 / 16)],
  ['minimum', tf.minimum, Math.min, offGrid, distinct(0, 1 / 16)],
  ['pow', tf.pow, (a, b) => a ** b, positive, normal],
  ['squaredDifference', tf.squaredDifference, (a, b) => (a - b) ** 2, normal, normal],
  ['atan2', tf.atan2, Math.atan2, positive, normal],
  ['mod', tf.mod, (a, b) => a - Math.floor(a / b) * b, distinct(0.01, 0.37), within(0.9, 1.1)],
  ['floorDiv', tf.floorDiv, (a, b) => Math.floor(a / b), distinct(0.01, 0.37), within(0.9, 1.1)],
  ['prelu', tf.prelu, (x, alpha) => (x > 0 ? x : alpha * x), offGrid, positive],
  // A condition computed from x must not stop the gradient.
  [
    'where',
    (a, b) => tf.where(tf.greater(a, b), tf.mul(a, b), b),
    (a, b) => (a > b ? a * b : b),
    offGrid,
    distinct(0, 1 / 16),
  ],
];

/** Shapes of the two operands: equal, a row, a column, a scalar. */
const pairs: [number[], number[]][] = [
  [
    [2, 3, 4],
    [2, 3, 4],
  ],
  [[2, 3, 4], [4]],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [3, 1],
    [2, 1, 4],
  ],
  [[5], []],
];

/** Every function of one number, and every function of two with broadcasting. */
export const elementwise: OperationCase[] = [
  ...unary.map(([name, run, f, draw]) =>
    operationCase(name, '[3, 5, 2]', [{ shape: [3, 5, 2], draw }], run, (x) =>
      tabulate(x.shape, (index) => f(broadcastAt(x, index))),
    ),
  ),
  ...binary.flatMap(([name, run, f, drawA, drawB]) =>
    // The slope of prelu may not be of a larger shape than x, and a choice not of a smaller one than its condition.
    (name === 'prelu' ? pairs.slice(0, 3) : pairs).map(([a, b]) =>
      operationCase(
        name,
        `[${a.join(', ')}] and [${b.join(', ')}]`,
        [
          { shape: a, draw: drawA },
          { shape: b, draw: drawB },
        ],
        run,
        (x, y) =>
          tabulate(tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]), (index) =>
            f(broadcastAt(x, index), broadcastAt(y, index)),
          ),
      ),
    ),
  ),
];
