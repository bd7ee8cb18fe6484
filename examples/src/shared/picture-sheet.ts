import { type HostTensor, hostTensor } from '@wsss/core';

const GAP = 8;

/** RGB pictures in rows of so many, from left to right, each in the middle of a place as large as the largest. */
export function pictureSheet(pictures: readonly HostTensor<Uint8Array>[], columns: number): HostTensor<Uint8Array> {
  const [h, w] = [0, 1].map((axis) => Math.max(...pictures.map(({ shape }) => shape[axis]!))) as [number, number];
  const rows = Math.ceil(pictures.length / columns);
  const [height, width] = [rows * (h + GAP) + GAP, columns * (w + GAP) + GAP];
  const sheet = new Uint8Array(height * width * 3).fill(255);
  for (const [i, { values, shape }] of pictures.entries()) {
    const [own, across] = shape as [number, number];
    const top = GAP + Math.floor(i / columns) * (h + GAP) + Math.floor((h - own) / 2);
    const left = GAP + (i % columns) * (w + GAP) + Math.floor((w - across) / 2);
    for (let y = 0; y < own; y++) {
      sheet.set(values.subarray(y * across * 3, (y + 1) * across * 3), ((top + y) * width + left) * 3);
    }
  }
  return hostTensor(sheet, [height, width, 3]);
}
