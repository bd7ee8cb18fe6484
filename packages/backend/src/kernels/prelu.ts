import { greater, mul, type Tensor, where } from '@tensorflow/tfjs-core';
import { composedKernel } from './composed-kernel';

/** x where it is positive, alpha · x elsewhere; stock WASM takes any alpha for one per channel. */
export const prelu = composedKernel<{ x: Tensor; alpha: Tensor }, object>('Prelu', ({ x, alpha }) =>
  where(greater(x, 0), x, mul(x, alpha)),
);
