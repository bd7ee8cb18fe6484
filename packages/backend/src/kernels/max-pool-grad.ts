import { hostKernel } from './host-kernel';
import { eachWindow, type PoolAttributes, type PoolGeometry, poolGeometry } from './pool-geometry';

type Numbers = ArrayLike<number>;
type Out = { [i: number]: number; fill(value: number): unknown };

/** The gradient of a maximum goes to its first place in the window, row by row, as in torch. */
export const maxPoolGrad = hostKernel<'dy' | 'input', PoolAttributes>(
  'MaxPoolGrad',
  ['dy', 'input'],
  ({ input }, attributes) => {
    const g = poolGeometry(input.shape, attributes);
    return { shape: input.shape, run: (dx, [dy, x]) => toFirstMaximum(dx, dy!, x!, g) };
  },
);

function toFirstMaximum(dx: Out, dy: Numbers, x: Numbers, g: PoolGeometry): void {
  const channels = g.inChannels;
  const best = new Float32Array(channels);
  const place = new Int32Array(channels);
  dx.fill(0);
  eachWindow(g, (n, out, y0, y1, x0, x1) => {
    place.fill(-1);
    for (let y = y0; y < y1; y++) {
      for (let column = x0; column < x1; column++) {
        const at = ((n * g.inHeight + y) * g.inWidth + column) * channels;
        for (let c = 0; c < channels; c++) {
          const value = x[at + c]!;
          if (place[c] === -1 || value > best[c]!) {
            best[c] = value;
            place[c] = at + c;
          }
        }
      }
    }
    const from = out * channels;
    for (let c = 0; c < channels; c++) if (place[c] !== -1) dx[place[c]!]! += dy[from + c]!;
  });
}
