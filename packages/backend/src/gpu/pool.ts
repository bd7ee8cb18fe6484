import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { composedKernel } from '../kernels/composed-kernel';
import { type PoolAttributes, poolGeometry } from '../kernels/pool-geometry';
import { runKernel } from '../kernels/run-kernel';
import { gpuKernel } from './gpu-kernel';
import { eachWindowOver, INPUT_PLACE, windowNumbers } from './window-numbers';

type OfInput = PoolAttributes & { inputShape: number[] };

/** For each window, which tap has its first maximum, row by row; −1 for a window that is all padding. */
export const firstMaxima = gpuKernel<'x', PoolAttributes>('_WsssFirstMaxima', ['x'], ({ x }, attributes) => {
  const g = poolGeometry(x.shape, attributes);
  return {
    shape: g.outShape,
    ints: windowNumbers(g),
    code: `
      int c = index % channels;
      int ox = (index / channels) % outWidth;
      int oy = (index / channels / outWidth) % outHeight;
      int n = index / channels / outWidth / outHeight;
      float best = 0.0;
      value = -1.0;
      for (int ky = 0; ky < filterHeight; ky++) {
        int y = oy * strideHeight + ky - padTop;
        for (int kx = 0; kx < filterWidth; kx++) {
          int x = ox * strideWidth + kx - padLeft;
          if (y >= 0 && y < inHeight && x >= 0 && x < inWidth) {
            float candidate = getX(((n * inHeight + y) * inWidth + x) * channels + c);
            if (value < 0.0 || candidate > best) {
              best = candidate;
              value = float(ky * filterWidth + kx);
            }
          }
        }
      }`,
  };
});

/** dy of each window, to the tap that the window names. */
export const spreadMaxima = gpuKernel<'dy' | 'taps', OfInput>('_WsssSpreadMaxima', ['dy', 'taps'], (_, attributes) => ({
  shape: attributes.inputShape,
  ints: windowNumbers(poolGeometry(attributes.inputShape, attributes)),
  code: `${INPUT_PLACE}${eachWindowOver(`
    int window = ((n * outHeight + oy) * outWidth + ox) * channels + c;
    if (int(getTaps(window)) == ky * filterWidth + kx) {
      value += getDy(window);
    }`)}`,
}));

/** The gradient of a maximum goes to its first place in the window, as in torch. */
export const maxPoolGrad = composedKernel<{ dy: Tensor; input: Tensor }, PoolAttributes>(
  'MaxPoolGrad',
  ({ dy, input }, attributes) => {
    const taps = runKernel('_WsssFirstMaxima', { x: input }, attributes);
    return runKernel('_WsssSpreadMaxima', { dy, taps }, { ...attributes, inputShape: input.shape });
  },
);

/** An average's gradient: each pixel of a window gets the same share; padding has no part in the average. */
export const avgPoolGrad = gpuKernel<'dy', PoolAttributes>('AvgPoolGrad', ['dy'], (inputs, attributes) => {
  const { shape } = (inputs as unknown as { input: TensorInfo }).input;
  return {
    shape,
    ints: windowNumbers(poolGeometry(shape, attributes)),
    code: `${INPUT_PLACE}${eachWindowOver(`
      int top = oy * strideHeight - padTop;
      int left = ox * strideWidth - padLeft;
      int rows = min(inHeight, top + filterHeight) - max(0, top);
      int columns = min(inWidth, left + filterWidth) - max(0, left);
      value += getDy(((n * outHeight + oy) * outWidth + ox) * channels + c) / float(rows * columns);`)}`,
  };
});
