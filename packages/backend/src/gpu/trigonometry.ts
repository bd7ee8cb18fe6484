import type { Kernel } from '../kernels/host-kernel';
import { gpuKernel } from './gpu-kernel';

/**
 * Sine of x, or of x a quarter later: x less whole quarters of the circle, in two parts (Cody and Waite), then Taylor's
 * series. WebGPU allows its own sine to be wrong by 5e-4.
 */
const wave = (kernelName: string, quarters: number): Kernel =>
  gpuKernel<'x', object>(kernelName, ['x'], ({ x }) => ({
    shape: x.shape,
    ints: { quarters },
    code: `
      float angle = getX(index);
      float turns = floor(angle * 0.63661977 + 0.5);
      float r = ((angle - turns * 1.5703125) - turns * 4.837512969970703e-4) - turns * 7.54978995489188e-8;
      int quarter = (int(turns - 4.0 * floor(turns * 0.25)) + quarters) % 4;
      float s = r * r;
      if (quarter == 0 || quarter == 2) {
        value = r * (1.0 + s * (-0.16666667 + s * (0.0083333333 + s * (-1.9841270e-4 + s * 2.7557319e-6))));
      } else {
        value = 1.0 + s * (-0.5 + s * (0.041666667 + s * (-0.0013888889 + s * 2.4801587e-5)));
      }
      if (quarter >= 2) { value = -value; }`,
  }));

export const sin = wave('Sin', 0);
export const cos = wave('Cos', 1);
