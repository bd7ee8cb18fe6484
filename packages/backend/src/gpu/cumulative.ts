import { util } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernels/host-kernel';
import { gpuKernel } from './gpu-kernel';

interface Attributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Running sums or products along an axis: every value goes over those before it. */
const running = (kernelName: string, first: string, sign: '+' | '*'): Kernel =>
  gpuKernel<'x', Attributes>(kernelName, ['x'], ({ x }, { axis, exclusive, reverse }) => {
    const [along] = util.parseAxisParam(axis, x.shape) as [number];
    const inner = util.sizeFromShape(x.shape.slice(along + 1));
    return {
      shape: x.shape,
      dtype: x.dtype,
      ints: { inner, count: x.shape[along]!, backwards: Number(reverse), without: Number(exclusive) },
      code: `
        int place = (index / inner) % count;
        int line = index - place * inner;
        value = ${first};
        if (backwards == 1) {
          for (int i = count - 1; i >= place + without; i--) { value = value ${sign} getX(line + i * inner); }
        } else {
          for (int i = 0; i <= place - without; i++) { value = value ${sign} getX(line + i * inner); }
        }`,
    };
  });

export const cumsum = running('Cumsum', '0.0', '+');
export const cumprod = running('Cumprod', '1.0', '*');
