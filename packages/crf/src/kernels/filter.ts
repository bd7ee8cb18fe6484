import { type LatticeData, sliceScale } from './lattice-data';

/** Room for the values of a lattice's vertices while they are filtered. */
export interface FilterBuffers {
  front: Float32Array;
  back: Float32Array;
}

export function filterBuffers(lattice: LatticeData, channels: number): FilterBuffers {
  const size = lattice.vertices * channels;
  return { front: new Float32Array(size), back: new Float32Array(size) };
}

/**
 * Filters values at the points with the Gaussian that the lattice approximates: splat onto the vertices, blur along
 * each axis with weights ½ 1 ½, slice.
 *
 * @param values `[N, channels]`
 * @param result `[N, channels]`; may be `values`.
 * @param reverse Blurs along the last axis first: the transpose of the filter, which gradients need.
 *
 * Source: Adams, Baek & Davis 2010, section 3; the constant 1 / (1 + 2^−d) is Krähenbühl & Koltun's.
 */
export function filter(
  lattice: LatticeData,
  values: Float32Array,
  result: Float32Array,
  channels: number,
  buffers: FilterBuffers = filterBuffers(lattice, channels),
  reverse = false,
): void {
  splat(lattice, values, channels, buffers.front);
  blur(lattice, channels, buffers, reverse);
  slice(lattice, buffers.front, channels, result);
}

function splat(
  { points, dimensions, offset, barycentric }: LatticeData,
  values: Float32Array,
  channels: number,
  target: Float32Array,
) {
  target.fill(0);
  for (let i = 0, at = 0; i < points; i++) {
    for (let r = 0; r <= dimensions; r++, at++) {
      const vertex = offset[at]! * channels;
      const weight = barycentric[at]!;
      for (let c = 0; c < channels; c++) target[vertex + c]! += weight * values[i * channels + c]!;
    }
  }
}

/** Leaves the result in `buffers.front`. */
function blur(
  { vertices, dimensions, neighbours }: LatticeData,
  channels: number,
  buffers: FilterBuffers,
  reverse: boolean,
) {
  for (let step = 0; step <= dimensions; step++) {
    const axis = reverse ? dimensions - step : step;
    const { front: from, back: to } = buffers;
    for (let vertex = 0, at = axis * vertices * 2; vertex < vertices; vertex++, at += 2) {
      const before = neighbours[at]! * channels;
      const after = neighbours[at + 1]! * channels;
      for (let c = 0, own = vertex * channels; c < channels; c++, own++) {
        const sides = (before < 0 ? 0 : from[before + c]!) + (after < 0 ? 0 : from[after + c]!);
        to[own] = from[own]! + 0.5 * sides;
      }
    }
    buffers.front = to;
    buffers.back = from;
  }
}

function slice(
  { points, dimensions, offset, barycentric }: LatticeData,
  from: Float32Array,
  channels: number,
  result: Float32Array,
) {
  const scale = sliceScale(dimensions);
  const sums = new Float64Array(channels);
  for (let i = 0, at = 0; i < points; i++) {
    sums.fill(0);
    for (let r = 0; r <= dimensions; r++, at++) {
      const vertex = offset[at]! * channels;
      const weight = barycentric[at]!;
      for (let c = 0; c < channels; c++) sums[c]! += weight * from[vertex + c]!;
    }
    for (let c = 0; c < channels; c++) result[i * channels + c] = scale * sums[c]!;
  }
}
