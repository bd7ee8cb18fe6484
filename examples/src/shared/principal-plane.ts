import type { HostTensor } from '@wsss/core';

/** The plane in which vectors differ most, by power iteration: a function from a vector to its place there. */
export function principalPlane({ values, shape }: HostTensor): (vector: ArrayLike<number>) => [number, number] {
  const F = shape.at(-1)!;
  const spread = new Float64Array(F * F);
  for (let start = 0; start < values.length; start += F) {
    for (let a = 0; a < F; a++)
      for (let b = 0; b < F; b++) spread[a * F + b]! += values[start + a]! * values[start + b]!;
  }
  const axes: number[][] = [];
  for (let n = 0; n < 2; n++) {
    let axis: number[] = Array.from({ length: F }, (_, f) => (f === n ? 1 : 0.5));
    for (let step = 0; step < 100; step++) {
      const next = axis.map((_, a) => axis.reduce((sum, value, b) => sum + spread[a * F + b]! * value, 0));
      for (const other of axes) {
        const along = next.reduce((sum, value, f) => sum + value * other[f]!, 0);
        for (let f = 0; f < F; f++) next[f]! -= along * other[f]!;
      }
      const norm = Math.hypot(...next) || 1;
      axis = next.map((value) => value / norm);
    }
    axes.push(axis);
  }
  return (vector) =>
    axes.map((axis) => axis.reduce((sum, value, f) => sum + value * vector[f]!, 0)) as [number, number];
}
