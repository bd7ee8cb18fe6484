import {
  add,
  type GradConfig,
  greater,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  relu,
  step,
  sub,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { boundedGradient } from '../kernels/bounded-gradient';
import { gradient } from './define';
import { float, reduceTo } from './reduce-to';

const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473768;

/** y where it is negative, else 0. These products are many times faster on wasm than comparisons. */
const negative = (y: Tensor): Tensor => sub(y, relu(y));
const maskedBy = (dy: Tensor, mask: Tensor): Tensor => where(mask, dy, zerosLike(dy));

/** ReLU and its family. At a kink the gradient is that of torch: 0 for ReLU and ReLU6, 1 at the bounds of a clip. */
export const activations: GradConfig[] = [
  gradient('Relu', { outputs: [true] }, (dy, [y]) => ({ x: () => boundedGradient(dy, y!, Number.POSITIVE_INFINITY) })),
  gradient('Relu6', { outputs: [true] }, (dy, [y]) => ({ x: () => boundedGradient(dy, y!, 6) })),
  gradient<{ alpha: number }>('LeakyRelu', { inputs: ['x'] }, (dy, [x], { alpha }) => ({
    x: () => mul(dy, step(float(x!), alpha)),
  })),
  gradient('Prelu', { inputs: ['x', 'alpha'] }, (dy, [x, alpha]) => {
    const positive = () => greater(x!, 0);
    return {
      x: () => where(positive(), dy, mul(dy, alpha!)),
      alpha: () => reduceTo(where(positive(), zerosLike(dy), mul(dy, x!)), alpha!.shape),
    };
  }),
  gradient('Elu', { outputs: [true] }, (dy, [y]) => ({ x: () => mul(dy, add(negative(y!), 1)) })),
  gradient('Selu', { outputs: [true] }, (dy, [y]) => ({
    x: () => mul(dy, add(negative(y!), add(mul(step(y!), SELU_SCALE - SELU_SCALE_ALPHA), SELU_SCALE_ALPHA))),
  })),
  gradient<{ clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    { inputs: ['x'] },
    (dy, [x], { clipValueMin, clipValueMax }) => ({
      x: () => maskedBy(dy, logicalAnd(greaterEqual(x!, clipValueMin), lessEqual(x!, clipValueMax))),
    }),
  ),
];
