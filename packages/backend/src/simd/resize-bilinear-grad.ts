import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type LinearTaps, linearTaps, type ResizeAttributes } from '../kernels/resize-taps';
import { accelerate } from './accelerate';
import type { SimdModule } from './simd-module';

type Shape = [number, number, number, number];

/** Bytes of a tap: two places and a weight. */
const TAP = 12;

/** The gradient of a bilinear resize, along the rows and then along the columns. */
export const simdResizeBilinearGrad = accelerate<{ dy: TensorInfo; images: TensorInfo }, ResizeAttributes>(
  (module, { dy, images }, attributes) => {
    const [batch, height, width, channels] = images.shape as Shape;
    const [, toRows, toColumns] = dy.shape as Shape;
    const out = module.output(images.shape);
    module.scratch((toRows + toColumns) * TAP + height * toColumns * channels * 4, (rows) => {
      const columns = rows + toRows * TAP;
      const sums = columns + toColumns * TAP;
      writeTaps(module, rows, linearTaps(height, toRows, attributes));
      writeTaps(module, columns, linearTaps(width, toColumns, attributes));
      const [from, to] = [module.address(dy), module.address(out)];
      const sizes = [batch, height, width, channels, toRows, toColumns] as const;
      module.resizeBilinearGradient(from, to, ...sizes, rows, columns, sums);
    });
    return out;
  },
);

function writeTaps(module: SimdModule, address: number, { low, high, weight }: LinearTaps): void {
  const words = new Int32Array(low.length * 3);
  const floats = new Float32Array(words.buffer);
  low.forEach((first, i) => {
    words.set([first, high[i]!], 3 * i);
    floats[3 * i + 2] = weight[i]!;
  });
  module.write(address, words);
}
