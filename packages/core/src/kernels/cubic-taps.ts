/** For each output position of one axis: the first input that it sums over, how many there are, and their weights. */
export interface CubicTaps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Fixed point with {@link WEIGHT_BITS} bits after the point; `size` of them are set aside for each position. */
  readonly weights: Int32Array;
  readonly size: number;
}

/** Sums of 255 times such weights, which overshoot a little, still fit in 32 bits. */
export const WEIGHT_BITS = 22;

const SUPPORT = 2;
const A = -0.5;

/**
 * The taps of Pillow's bicubic resize along one axis. Where the axis shrinks, the kernel is stretched by the ratio and
 * so averages over all that a pixel covers; at the borders its rest is scaled up to one.
 *
 * Source of the kernel: Keys, "Cubic convolution interpolation for digital image processing" (IEEE TASSP 1981), a = −½.
 */
export function cubicTaps(from: number, to: number): CubicTaps {
  const ratio = from / to;
  const stretch = Math.max(ratio, 1);
  const reach = SUPPORT * stretch;
  const size = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Int32Array(to * size);
  const exact = new Float64Array(size);
  for (let d = 0; d < to; d++) {
    const centre = (d + 0.5) * ratio;
    const begin = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    let total = 0;
    for (let i = begin; i < end; i++) total += exact[i - begin] = cubic((i - centre + 0.5) * (1 / stretch));
    for (let k = 0; k < end - begin; k++) {
      const scaled = (total === 0 ? exact[k]! : exact[k]! / total) * 2 ** WEIGHT_BITS;
      weights[d * size + k] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    first[d] = begin;
    count[d] = end - begin;
  }
  return { first, count, weights, size };
}

function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((A + 2) * t - (A + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * A;
  return 0;
}
