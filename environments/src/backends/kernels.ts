import {
  conv2d,
  cumsum,
  dispose,
  grads,
  matMul,
  maxPool,
  mul,
  sin,
  sum,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';
import { type Summaries, summarise } from './summary';

type Case = readonly [shapes: readonly number[][], run: (...xs: Tensor[]) => Tensor];

/** Larger than `verifyBackend`'s cases, so that tiles and blocks of the kernels are full and in part. */
const cases: Readonly<Record<string, Case>> = {
  'conv2d 3×3, 35 → 67 channels, 21×29': [
    [
      [1, 21, 29, 35],
      [3, 3, 35, 67],
    ],
    (x, w) => conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'),
  ],
  'conv2d 3×3, dilation 4, 36 → 32 channels, 19×19': [
    [
      [1, 19, 19, 36],
      [3, 3, 36, 32],
    ],
    (x, w) => conv2d(x as Tensor4D, w as Tensor4D, 1, 4, 'NHWC', 4),
  ],
  'conv2d 7×7, stride 2, 3 → 32 channels, 33×41': [
    [
      [1, 33, 41, 3],
      [7, 7, 3, 32],
    ],
    (x, w) => conv2d(x as Tensor4D, w as Tensor4D, 2, 3),
  ],
  'matMul 130×70 by 70×33': [
    [
      [130, 70],
      [70, 33],
    ],
    (a, b) => matMul(a, b),
  ],
  'matMul 9×1500 by 1500×17': [
    [
      [9, 1500],
      [1500, 17],
    ],
    (a, b) => matMul(a, b),
  ],
  'maxPool with ties': [[[2, 17, 15, 5]], (x) => maxPool(x as Tensor4D, 3, 2, 1)],
  'cumsum of 700': [[[3, 700]], (x) => cumsum(x, 1)],
  'sine of large angles': [[[2, 500]], (x) => sin(mul(x, 300))],
  'transpose and sum of 5 axes': [[[2, 3, 4, 5, 6]], (x) => sum(transpose(x, [4, 2, 0, 1, 3]), [1, 3])],
};

/** Outputs and gradients of each. */
export async function kernels(): Promise<Summaries> {
  const found: Summaries = {};
  for (const [name, [shapes, run]] of Object.entries(cases)) {
    const stream = random(9).fork(name);
    // Whole numbers: many are equal.
    const whole = name.includes('ties');
    const xs = shapes.map((shape) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return tensor(
        Float32Array.from({ length: size }, () => (whole ? stream.integer(-2, 2) : stream.normal())),
        shape,
      );
    });
    const y = tidy(() => run(...xs));
    const dy = tensor(
      Float32Array.from({ length: y.size }, () => stream.normal()),
      y.shape,
    );
    const dxs = grads((...inputs) => run(...inputs))(xs, dy);
    found[name] = summarise(await y.data());
    for (const [i, dx] of dxs.entries()) found[`${name}: gradient ${i + 1}`] = summarise(await dx.data());
    dispose([...xs, y, dy, ...dxs]);
  }
  return found;
}
