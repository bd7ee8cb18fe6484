/** For each output position of one axis: the two inputs that it mixes, and the share of the second. */
export interface LinearTaps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** In [0, 1]: output = (1 − share) · input[low] + share · input[high]. */
  readonly share: Float64Array;
}

/**
 * The taps of torch's linear resize along one axis.
 *
 * Corners aligned: source = d · (from − 1) / (to − 1), or 0 where `to` is 1. Else, with half-pixel centres:
 * source = max(0, (d + ½) · from / to − ½). Beyond the last input the last one counts.
 *
 * torch holds the ratio in float32, which shifts sources by up to 1e-5 at photo sizes; so does this.
 */
export function linearTaps(from: number, to: number, alignCorners: boolean): LinearTaps {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const share = new Float64Array(to);
  const ratio = Math.fround(!alignCorners ? from / to : to > 1 ? (from - 1) / (to - 1) : 0);
  for (let d = 0; d < to; d++) {
    const source = alignCorners ? d * ratio : Math.max(0, (d + 0.5) * ratio - 0.5);
    const floor = Math.min(Math.floor(source), from - 1);
    low[d] = floor;
    high[d] = Math.min(floor + 1, from - 1);
    share[d] = Math.min(source - floor, 1);
  }
  return { low, high, share };
}
