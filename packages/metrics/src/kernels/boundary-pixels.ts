import type { NumericArray } from '@wsss/core';

/**
 * Marks the pixels within `distance` (in the maximum norm) of a pixel with another label, or of the outside: the label's
 * region less its erosion by a square of side 2 · distance + 1. For all labels at once, in two passes.
 */
export function boundaryPixels(labels: NumericArray, height: number, width: number, distance: number): Uint8Array {
  const inside = new Uint8Array(height * width).fill(1);
  // Along rows: a pixel stays inside if its run of equal labels reaches `distance` further on both sides.
  for (let y = 0; y < height; y++) {
    for (let start = 0; start < width; ) {
      let end = start + 1;
      while (end < width && labels[y * width + end] === labels[y * width + start]) end++;
      for (let x = start; x < end; x++) {
        if (x - start < distance || end - 1 - x < distance) inside[y * width + x] = 0;
      }
      start = end;
    }
  }
  // Along columns: the same, over runs of equal labels that are still inside.
  const boundary = new Uint8Array(height * width).fill(1);
  for (let x = 0; x < width; x++) {
    for (let start = 0; start < height; ) {
      const first = start * width + x;
      let end = start + 1;
      while (end < height && labels[end * width + x] === labels[first] && inside[end * width + x] === inside[first]) {
        end++;
      }
      if (inside[first]) for (let y = start + distance; y < end - distance; y++) boundary[y * width + x] = 0;
      start = end;
    }
  }
  return boundary;
}
