import { hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { expect, test } from 'vitest';
import { irnWalk } from './irn-walk';
import { pathAffinity, pathPairs } from './path-affinity';

test('a closed boundary is not crossed', async () => {
  const [h, w] = [12, 15];
  const edge = hostTensor(
    Float32Array.from({ length: h * w }, (_, i) => (i % w === 7 ? 1 : 0)),
    [h, w],
  );
  const maps = hostTensor(
    Float32Array.from({ length: h * w }, (_, i) => (i % w < 3 ? 1 : 0)),
    [h, w, 1],
  );
  const { values } = await irnWalk(maps, edge, { steps: 2000 });
  for (let i = 0; i < values.length; i++) {
    if (i % w >= 7) expect(values[i]).toBe(0);
    // Behind the boundary all is one room: what began in three of seven columns is everywhere.
    else expect(values[i]).toBeCloseTo(0.43, 1);
  }
});

test('affinities are 1 − the highest boundary on the way, 0 beyond the map', async () => {
  const stream = random(4);
  const edge = hostTensor(
    Float32Array.from({ length: 6 * 7 }, () => stream.next()),
    [6, 7],
  );
  const { values, shape } = await pathAffinity(edge, { radius: 3 });
  expect(shape).toEqual([12, (6 + 1) * (7 + 2)]);
  const { offsets, points, starts } = await pathPairs(9, 13, 3);
  for (let p = 0; p < 12; p++) {
    expect([...points.values.subarray(2 * starts.values[p]!, 2 * starts.values[p]! + 2)]).toEqual([
      ...offsets.values.subarray(2 * p, 2 * p + 2),
    ]);
    for (let m = 0; m < shape[1]!; m++) {
      const [y, x] = [Math.floor(m / 9), (m % 9) - 1];
      let highest = 0;
      for (let t = starts.values[p]!; t < starts.values[p + 1]!; t++) {
        const [py, px] = [y + points.values[2 * t]!, x + points.values[2 * t + 1]!];
        const inside = py >= 0 && py < 6 && px >= 0 && px < 7;
        highest = Math.max(highest, inside ? edge.values[py * 7 + px]! : 1);
      }
      expect(values[p * shape[1]! + m]).toBeCloseTo(1 - highest, 6);
    }
  }
});

test('refuses what does not fit', async () => {
  const maps = hostTensor(new Float32Array(24), [3, 4, 2]);
  const edge = (value: number, shape = [3, 4]) => hostTensor(new Float32Array(12).fill(value), shape);
  await expect(irnWalk(maps, edge(1.5))).rejects.toThrow(
    /`edge` to be in \[0, 1\] at \[0, 0\], got 1.5.\nBoundaries are prob/,
  );
  await expect(irnWalk(maps, edge(Number.NaN))).rejects.toThrow(ValueError);
  await expect(irnWalk(maps, edge(0, [4, 3]))).rejects.toThrow(ShapeError);
  await expect(irnWalk(maps, edge(0), { radius: -1 })).rejects.toThrow(ValueError);
  await expect(pathAffinity(edge(0, [1, 3, 4]))).rejects.toThrow(ShapeError);
  expect((await irnWalk(maps, edge(0, [3, 4, 1]), { radius: 9 })).shape).toEqual([3, 4, 2]);
});
