import { div, floor, type Tensor } from '@tensorflow/tfjs-core';
import { shortcut } from '../kernels/composed-kernel';

/** Division rounded down; stock WebGL takes floats for whole numbers first. */
export const floorDivOfFloats = shortcut<{ a: Tensor; b: Tensor }, object>(({ a, b }) =>
  a.dtype === 'int32' && b.dtype === 'int32' ? undefined : floor(div(a, b)),
);
