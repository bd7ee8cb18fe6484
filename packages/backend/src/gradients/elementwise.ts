import {
  add,
  cos,
  cosh,
  div,
  exp,
  type GradConfig,
  mul,
  neg,
  reciprocal,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sinh,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { gradient } from './define';
import { float } from './reduce-to';

/** dy and the input → dx. */
const ofInput: Record<string, (dy: Tensor, x: Tensor) => Tensor> = {
  Abs: (dy, x) => mul(dy, sign(x)),
  Acos: (dy, x) => neg(mul(dy, rsqrt(sub(1, square(x))))),
  Acosh: (dy, x) => mul(dy, rsqrt(sub(square(x), 1))),
  Asin: (dy, x) => mul(dy, rsqrt(sub(1, square(x)))),
  Asinh: (dy, x) => mul(dy, rsqrt(add(square(x), 1))),
  Atan: (dy, x) => div(dy, add(square(x), 1)),
  Atanh: (dy, x) => div(dy, sub(1, square(x))),
  Cos: (dy, x) => neg(mul(dy, sin(x))),
  Cosh: (dy, x) => mul(dy, sinh(x)),
  Erf: (dy, x) => mul(mul(dy, 2 / Math.sqrt(Math.PI)), exp(neg(square(x)))),
  Log: (dy, x) => div(dy, x),
  Log1p: (dy, x) => div(dy, add(x, 1)),
  Sin: (dy, x) => mul(dy, cos(x)),
  Sinh: (dy, x) => mul(dy, cosh(x)),
  Softplus: (dy, x) => mul(dy, sigmoid(x)),
  Square: (dy, x) => mul(dy, mul(x, 2)),
  Tan: (dy, x) => div(dy, square(cos(x))),
};

/** dy and the output → dx: saves keeping the input. */
const ofOutput: Record<string, (dy: Tensor, y: Tensor) => Tensor> = {
  Exp: (dy, y) => mul(dy, y),
  Expm1: (dy, y) => mul(dy, add(y, 1)),
  Reciprocal: (dy, y) => neg(mul(dy, square(y))),
  Rsqrt: (dy, y) => mul(mul(dy, -0.5), mul(y, square(y))),
  Sigmoid: (dy, y) => mul(dy, mul(y, sub(1, y))),
  Sqrt: (dy, y) => mul(mul(dy, 0.5), reciprocal(y)),
  Tanh: (dy, y) => mul(dy, sub(1, square(y))),
};

/** Functions of one number. */
export const elementwise: GradConfig[] = [
  ...Object.entries(ofInput).map(([name, f]) =>
    gradient(name, { inputs: ['x'] }, (dy, [x]) => ({ x: () => f(dy, float(x!)) })),
  ),
  ...Object.entries(ofOutput).map(([name, f]) =>
    gradient(name, { outputs: [true] }, (dy, [y]) => ({ x: () => f(dy, y!) })),
  ),
  gradient('Neg', {}, (dy) => ({ x: () => neg(dy) })),
];
