import { mul, step, sub, type Tensor } from '@tensorflow/tfjs-core';
import { BOUNDED_GRADIENT, type BoundedAttributes } from '../kernels/bounded-gradient';
import { composedKernel } from '../kernels/composed-kernel';
import type { Kernel } from '../kernels/host-kernel';
import { operation } from './operation';

/** The gradients of ReLU and ReLU6 as TensorFlow has them, in one pass; of other bounds in several. */
export const activationKernels: readonly Kernel[] = [
  composedKernel<{ dy: Tensor; y: Tensor }, BoundedAttributes>(BOUNDED_GRADIENT, ({ dy, y }, { high }) => {
    if (high === Number.POSITIVE_INFINITY) return operation('ReluGrad', [dy, y], {});
    if (high === 6) return operation('Relu6Grad', [dy, y], {});
    return mul(dy, mul(step(y), step(sub(high, y))));
  }),
];
