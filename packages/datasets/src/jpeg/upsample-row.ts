import type { Plane } from './component-samples';

/** Fills `out` with row `y` of a plane at the picture's full size. */
export type RowReader = (y: number, out: Uint8Array) => void;

/**
 * Brings a plane to full size row by row. Twice is the triangle filter that libjpeg calls "fancy": each new sample is
 * three parts of the nearer and one of the farther neighbour; any other factor repeats samples.
 */
export function upsampleRow(plane: Plane, timesWide: number, timesHigh: number): RowReader {
  const smooth = plane.width > 2;
  if (timesWide === 1 && timesHigh === 1) return (y, out) => copyRow(plane, y, out);
  if (timesWide === 2 && timesHigh === 1 && smooth) return (y, out) => doubleWidth(plane, y, out);
  if (timesWide === 1 && timesHigh === 2) return (y, out) => doubleHeight(plane, y, out);
  if (timesWide === 2 && timesHigh === 2 && smooth) {
    const sums = new Uint16Array(plane.width);
    return (y, out) => doubleBoth(plane, y, out, sums);
  }
  return (y, out) => repeat(plane, y, out, timesWide, timesHigh);
}

function copyRow({ samples, stride, width }: Plane, y: number, out: Uint8Array): void {
  out.set(samples.subarray(y * stride, y * stride + width));
}

function repeat({ samples, stride, width }: Plane, y: number, out: Uint8Array, wide: number, high: number): void {
  const row = Math.floor(y / high) * stride;
  for (let x = 0; x < width; x++) out.fill(samples[row + x]!, x * wide, (x + 1) * wide);
}

/** Where the nearer and the farther row of a plane begin, for row `y` of twice its height. */
function nearAndFar({ stride, height }: Plane, y: number): [number, number] {
  const near = y >> 1;
  const far = Math.min(Math.max(y & 1 ? near + 1 : near - 1, 0), height - 1);
  return [near * stride, far * stride];
}

function doubleHeight(plane: Plane, y: number, out: Uint8Array): void {
  const { samples, width } = plane;
  const [near, far] = nearAndFar(plane, y);
  const half = y & 1 ? 2 : 1;
  for (let x = 0; x < width; x++) out[x] = (samples[near + x]! * 3 + samples[far + x]! + half) >> 2;
}

function doubleWidth({ samples, stride, width }: Plane, y: number, out: Uint8Array): void {
  const row = y * stride;
  const last = width - 1;
  out[0] = samples[row]!;
  out[1] = (samples[row]! * 3 + samples[row + 1]! + 2) >> 2;
  for (let x = 1; x < last; x++) {
    const near = samples[row + x]! * 3;
    out[2 * x] = (near + samples[row + x - 1]! + 1) >> 2;
    out[2 * x + 1] = (near + samples[row + x + 1]! + 2) >> 2;
  }
  out[2 * last] = (samples[row + last]! * 3 + samples[row + last - 1]! + 1) >> 2;
  out[2 * last + 1] = samples[row + last]!;
}

function doubleBoth(plane: Plane, y: number, out: Uint8Array, sums: Uint16Array): void {
  const { samples, width } = plane;
  const [near, far] = nearAndFar(plane, y);
  for (let x = 0; x < width; x++) sums[x] = samples[near + x]! * 3 + samples[far + x]!;
  const last = width - 1;
  out[0] = (sums[0]! * 4 + 8) >> 4;
  out[1] = (sums[0]! * 3 + sums[1]! + 7) >> 4;
  for (let x = 1; x < last; x++) {
    const here = sums[x]! * 3;
    out[2 * x] = (here + sums[x - 1]! + 8) >> 4;
    out[2 * x + 1] = (here + sums[x + 1]! + 7) >> 4;
  }
  out[2 * last] = (sums[last]! * 3 + sums[last - 1]! + 8) >> 4;
  out[2 * last + 1] = (sums[last]! * 4 + 7) >> 4;
}
