import type { TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel } from './host-kernel';
import { type LinearTaps, linearTaps, type ResizeAttributes } from './resize-taps';

interface Plan {
  /** batch, height, width, channels */
  readonly from: readonly number[];
  readonly rows: LinearTaps;
  readonly columns: LinearTaps;
}

type Numbers = ArrayLike<number>;
type Out = { [i: number]: number; fill(value: number): unknown };

/** The gradient of a bilinear resize: each gradient goes to the four pixels it was interpolated from. */
export const resizeBilinearGrad = hostKernel<'dy', ResizeAttributes>(
  'ResizeBilinearGrad',
  ['dy'],
  (inputs, attributes) => {
    const { shape } = (inputs as unknown as { images: TensorInfo }).images;
    const [, height, width] = shape as [number, number, number, number];
    const [, toHeight, toWidth] = inputs.dy.shape as [number, number, number, number];
    const plan = {
      from: shape,
      rows: linearTaps(height, toHeight, attributes),
      columns: linearTaps(width, toWidth, attributes),
    };
    return { shape, run: (dx, [dy]) => spreadBack(dx, dy!, plan) };
  },
);

function spreadBack(dx: Out, dy: Numbers, { from, rows, columns }: Plan): void {
  const [batch, height, width, channels] = from as [number, number, number, number];
  dx.fill(0);
  for (let n = 0, o = 0; n < batch; n++) {
    for (let y = 0; y < rows.low.length; y++) {
      const top = (n * height + rows.low[y]!) * width;
      const bottom = (n * height + rows.high[y]!) * width;
      const v = rows.weight[y]!;
      for (let i = 0; i < columns.low.length; i++) {
        const u = columns.weight[i]!;
        const topLeft = (top + columns.low[i]!) * channels;
        const topRight = (top + columns.high[i]!) * channels;
        const bottomLeft = (bottom + columns.low[i]!) * channels;
        const bottomRight = (bottom + columns.high[i]!) * channels;
        const [tl, tr, bl, br] = [(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u];
        for (let c = 0; c < channels; c++, o++) {
          const g = dy[o]!;
          dx[topLeft + c]! += g * tl;
          dx[topRight + c]! += g * tr;
          dx[bottomLeft + c]! += g * bl;
          dx[bottomRight + c]! += g * br;
        }
      }
    }
  }
}
