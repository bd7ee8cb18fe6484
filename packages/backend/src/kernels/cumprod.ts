import { util } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';

/** Running products; stock WASM is wrong where they are exclusive. */
export const cumprod = hostKernel<'x', { axis: number; exclusive: boolean; reverse: boolean }>(
  'Cumprod',
  ['x'],
  ({ x }, { axis, exclusive, reverse }) => {
    const [along] = util.parseAxisParam(axis, x.shape) as [number];
    const count = x.shape[along]!;
    const inner = util.sizeFromShape(x.shape.slice(along + 1));
    const outer = util.sizeFromShape(x.shape.slice(0, along));
    return {
      shape: x.shape,
      dtype: x.dtype,
      run: (out, [values]) => {
        for (let o = 0; o < outer; o++) {
          for (let k = 0; k < inner; k++) {
            let product = 1;
            for (let i = 0; i < count; i++) {
              const place = (o * count + (reverse ? count - 1 - i : i)) * inner + k;
              const next = product * values![place]!;
              out[place] = exclusive ? product : next;
              product = next;
            }
          }
        }
      },
    };
  },
);
