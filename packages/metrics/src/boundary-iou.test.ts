import { hostTensor, random } from '@wsss/core';
import { expect, test } from 'vitest';
import { boundaryIou } from './boundary-iou';
import { boundaryPixels } from './kernels/boundary-pixels';

/** Blocks of labels, so that regions are wider than a pixel. */
function blocks(seed: number, h: number, w: number, size: number, values: number[]): Uint8Array {
  const stream = random(seed);
  const columns = Math.ceil(w / size);
  const cells = Array.from(
    { length: Math.ceil(h / size) * columns },
    () => values[stream.integer(0, values.length - 1)]!,
  );
  return Uint8Array.from({ length: h * w }, (_, i) => {
    const [y, x] = [Math.floor(i / w), i % w];
    return cells[Math.floor(y / size) * columns + Math.floor(x / size)]!;
  });
}

test.each([1, 2, 4])('the boundary is what an erosion by a square takes away (distance %i)', (distance) => {
  const [h, w] = [23, 31];
  const labels = blocks(distance, h, w, 6, [0, 1, 255]);
  const expected = labels.map((label, i) => {
    const [y, x] = [Math.floor(i / w), i % w];
    for (let dy = -distance; dy <= distance; dy++) {
      for (let dx = -distance; dx <= distance; dx++) {
        const [v, u] = [y + dy, x + dx];
        if (v < 0 || v >= h || u < 0 || u >= w || labels[v * w + u] !== label) return 1;
      }
    }
    return 0;
  });
  expect(boundaryPixels(labels, h, w, distance)).toEqual(expected);
});

test('a square that moved by one pixel, by hand', async () => {
  const square = (left: number) =>
    hostTensor(
      Uint8Array.from({ length: 100 }, (_, i) => {
        const [y, x] = [Math.floor(i / 10), i % 10];
        return Number(y >= 3 && y < 7 && x >= left && x < left + 4);
      }),
      [10, 10],
    );
  // Rings of 12 pixels, one wide; the upper and lower sides share 3 each, and of the others' columns each ring crosses
  // the other's inside.
  const { intersection, union, perClass } = await boundaryIou(square(4), square(3), { classes: 2 });
  expect([intersection[1], union[1]]).toEqual([6, 18]);
  expect(perClass[1]).toBeCloseTo(1 / 3, 15);
});

test('equal labels give 1, whatever the prediction says where the target ignores', async () => {
  const target = blocks(5, 40, 30, 7, [0, 1, 2, 255]);
  const wild = target.map((label, i) => (label === 255 ? i % 3 : label));
  const result = await boundaryIou(hostTensor(wild, [40, 30]), hostTensor(target, [40, 30]), {
    classes: 4,
    width: 0.04,
  });
  expect(result.perClass).toEqual([1, 1, 1, null]);
  expect(result.mean).toBe(1);
});

test('a batch adds up its images; target and prediction may change places', async () => {
  const [a, b] = [blocks(1, 20, 20, 5, [0, 1]), blocks(2, 20, 20, 5, [0, 1])];
  const pair = (first: Uint8Array, second: Uint8Array, shape: number[]) =>
    boundaryIou(hostTensor(first, shape), hostTensor(second, shape), { classes: 2 });
  const [ab, ba] = [await pair(a, b, [20, 20]), await pair(b, a, [20, 20])];
  expect(ba).toEqual(ab);
  const both = await pair(Uint8Array.from([...a, ...b]), Uint8Array.from([...b, ...b]), [2, 20, 20]);
  const same = await pair(b, b, [20, 20]);
  expect(both.intersection).toEqual(ab.intersection.map((n, c) => n + same.intersection[c]!));
  expect(both.union).toEqual(ab.union.map((n, c) => n + same.union[c]!));
});

test('wrong arguments are named', async () => {
  const labels = hostTensor(new Uint8Array(4), [2, 2]);
  await expect(boundaryIou(labels, labels, { classes: 0 })).rejects.toThrow(/`classes`/);
  await expect(boundaryIou(labels, labels, { classes: 1, width: 0 })).rejects.toThrow(/`width`/);
  await expect(boundaryIou(hostTensor(new Uint8Array(4), [4]), labels, { classes: 1 })).rejects.toThrow(/`prediction`/);
  await expect(boundaryIou(labels, hostTensor(new Uint8Array(4), [4]), { classes: 1 })).rejects.toThrow(/`target`/);
  await expect(boundaryIou(hostTensor(Uint8Array.of(0, 0, 0, 3), [2, 2]), labels, { classes: 2 })).rejects.toThrow(
    /at \[1, 1\], got 3/,
  );
  const ignored = hostTensor(new Uint8Array(4).fill(255), [2, 2]);
  await expect(boundaryIou(labels, ignored, { classes: 1 })).rejects.toThrow(/at least one pixel of a class/);
});
