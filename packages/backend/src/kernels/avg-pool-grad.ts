import type { TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';
import { eachWindow, type PoolAttributes, poolGeometry } from './pool-geometry';

/** An average's gradient: each pixel of a window gets the same share; padding has no part in the average. */
export const avgPoolGrad = hostKernel<'dy', PoolAttributes>('AvgPoolGrad', ['dy'], (inputs, attributes) => {
  const { shape } = (inputs as unknown as { input: TensorInfo }).input;
  const g = poolGeometry(shape, attributes);
  const channels = g.inChannels;
  return {
    shape,
    run: (dx, [dy]) => {
      dx.fill(0);
      eachWindow(g, (n, out, y0, y1, x0, x1) => {
        const share = shareOf(y0, y1, x0, x1);
        for (let row = y0; row < y1; row++) {
          for (let column = x0; column < x1; column++) {
            const at = ((n * g.inHeight + row) * g.inWidth + column) * channels;
            for (let c = 0; c < channels; c++) dx[at + c]! += dy![out * channels + c]! * share;
          }
        }
      });
    },
  };
});

/** 0 for a window that is all padding. */
function shareOf(y0: number, y1: number, x0: number, x1: number): number {
  const count = Math.max(0, y1 - y0) * Math.max(0, x1 - x0);
  return count > 0 ? 1 / count : 0;
}
