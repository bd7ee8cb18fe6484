import { hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { affinityPairs } from './affinity-pairs';
import { powerSeries } from './kernels/power-series';
import type { WalkReport } from './kernels/run-walk';
import { type Border, pairCounts, stencil } from './kernels/stencil';
import { PSA_WALK, randomWalk } from './random-walk';

function drawn(h: number, w: number, K: number, radius: number, border: Border = 'official', seed = 1) {
  const stream = random(seed);
  const [P, M] = pairCounts(stencil(h, w, radius, border));
  const draw = (length: number) => Float32Array.from({ length }, () => stream.next());
  return { maps: hostTensor(draw(h * w * K), [h, w, K]), affinity: hostTensor(draw(P * M), [P, M]) };
}

/** The walk by its definition: a dense matrix in doubles, applied as often as there are steps. */
async function dense(
  { maps, affinity }: ReturnType<typeof drawn>,
  { radius, beta, steps, border }: { radius: number; beta: number; steps: number; border: Border },
) {
  const [h, w, K] = maps.shape as [number, number, number];
  const N = h * w;
  const matrix = Array.from({ length: N }, (_, i) => Float64Array.from({ length: N }, (_, j) => (i === j ? 1 : 0)));
  const { from, to } = await affinityPairs(h, w, radius, { border });
  for (const [k, j] of to.values.entries()) {
    if (j < 0) continue;
    const i = from.values[k % from.values.length]!;
    matrix[i]![j] = matrix[j]![i] = affinity.values[k]! ** beta;
  }
  let values = Float64Array.from(maps.values);
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(values.length);
    for (let i = 0; i < N; i++) {
      const sum = matrix[i]!.reduce((a, b) => a + b, 0);
      for (let j = 0; j < N; j++)
        for (let c = 0; c < K; c++) next[i * K + c]! += (matrix[i]![j]! / sum) * values[j * K + c]!;
    }
    values = next;
  }
  return values;
}

describe('randomWalk', () => {
  test.for([
    { size: [6, 10], K: 3, radius: 3, beta: 2, steps: 5, border: 'official' },
    { size: [7, 11], K: 5, radius: 4, beta: 3.5, steps: 64, border: 'official' },
    { size: [5, 9], K: 1, radius: 5, beta: 8, steps: 256, border: 'official' },
    { size: [4, 3], K: 2, radius: 5, beta: 1, steps: 33, border: 'full' },
    { size: [1, 7], K: 6, radius: 3, beta: 0.5, steps: 300, border: 'full' },
    { size: [3, 5], K: 2, radius: 2, beta: 0, steps: 1, border: 'full' },
  ] as const)(
    'is the dense matrix to the power of $steps, border $border, radius $radius',
    async ({ size, K, ...how }) => {
      const given = drawn(size[0], size[1], K, how.radius, how.border);
      const expected = await dense(given, how);
      for (const engine of ['wasm', 'plain'] as const) {
        const { values, shape } = await randomWalk(given.maps, given.affinity, { ...how, engine });
        expect(shape).toEqual([...size, K]);
        // Weights are float32, sums double.
        for (const [i, value] of values.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(3e-6);
      }
    },
  );

  test('both engines give the same bits, for any number of maps', async () => {
    for (const K of [1, 2, 3, 4, 5, 9]) {
      const { maps, affinity } = drawn(9, 13, K, 5);
      const [wasm, plain] = await Promise.all(
        (['wasm', 'plain'] as const).map((engine) => randomWalk(maps, affinity, { ...PSA_WALK, engine })),
      );
      expect(wasm!.values).toEqual(plain!.values);
    }
  });

  test('a map that is the same everywhere stays so, and values stay in the range of theirs', async () => {
    const { maps, affinity } = drawn(8, 12, 2, 5);
    for (let i = 0; i < maps.values.length; i += 2) maps.values[i] = 0.7;
    const { values } = await randomWalk(maps, affinity, PSA_WALK);
    for (let i = 0; i < values.length; i += 2) {
      expect(values[i]).toBeCloseTo(0.7, 6);
      expect(values[i + 1]).toBeGreaterThanOrEqual(0);
      expect(values[i + 1]).toBeLessThanOrEqual(1);
    }
  });

  test('ten cells have no pair at radius 5: they keep their value', async () => {
    const { maps, affinity } = drawn(8, 12, 1, 5);
    const { values } = await randomWalk(maps, affinity, { ...PSA_WALK, beta: 1 });
    const kept = [...values.keys()].filter((i) => values[i] === maps.values[i]);
    // The upper left corner of row 0, which no offset reaches, and both lower corners.
    expect(kept).toEqual([0, 1, 2, 3, 72, 83, 84, 85, 94, 95]);
  });

  test('a channel of zeros stays, and changes nothing for the others', async () => {
    const { maps, affinity } = drawn(6, 9, 3, 5);
    const some = hostTensor(
      maps.values.map((value, i) => (i % 3 === 1 ? 0 : value)),
      maps.shape,
    );
    const [all, few] = [await randomWalk(maps, affinity), await randomWalk(some, affinity)];
    expect(few.values).toEqual(all.values.map((value, i) => (i % 3 === 1 ? 0 : value)));
  });

  test('without a step nothing changes; arguments are left alone', async () => {
    const { maps, affinity } = drawn(6, 9, 2, 5);
    const before = maps.values.slice();
    const { values } = await randomWalk(maps, affinity, { steps: 0 });
    expect(values).toEqual(before);
    await randomWalk(maps, affinity);
    expect(maps.values).toEqual(before);
  });

  test('reports how far it went, and stops where nothing moves any more', async () => {
    const { maps, affinity } = drawn(6, 9, 5, 5);
    const reports: WalkReport[] = [];
    const walk = (options: object) =>
      randomWalk(maps, affinity, { beta: 1, ...options, onReport: (report) => reports.push(report) });
    const settled = await walk({ steps: 10_000, tolerance: 1e-9 });
    const exact = await walk({ steps: 10_000 });
    const [early, full] = reports;
    expect(early!.steps).toBeLessThan(200);
    expect(early!.steps).toBe(early!.applications);
    expect(early!.change).toBeLessThanOrEqual(1e-9);
    expect(full!.steps).toBe(10_000);
    expect(full!.applications).toBeLessThan(900);
    expect(full!.change).toBeLessThan(1e-10);
    for (const [i, value] of settled.values.entries()) expect(Math.abs(value - exact.values[i]!)).toBeLessThan(1e-6);
    await walk({ steps: 2 });
    expect(reports[2]!.change).toBeGreaterThan(1e-3);
  });

  test('is linear, and larger grids fit', { timeout: 20_000 }, async () => {
    const { maps, affinity } = drawn(192, 256, 2, 5);
    const { values } = await randomWalk(maps, affinity, { steps: 4 });
    const twice = await randomWalk(
      hostTensor(
        maps.values.map((v) => 2 * v),
        maps.shape,
      ),
      affinity,
      { steps: 4 },
    );
    expect(twice.values).toEqual(values.map((value) => 2 * value));
  });

  test('refuses what does not fit, and says why', async () => {
    const { maps, affinity } = drawn(8, 12, 2, 5);
    await expect(randomWalk(maps, affinity, { radius: 3 })).rejects.toThrow(
      'randomWalk: expected `affinity` of shape [12, 48], got [34, 16].\nRows are neighbour offsets, 12 for radius 3; was it predicted with another radius?',
    );
    await expect(randomWalk(drawn(8, 13, 2, 5).maps, affinity)).rejects.toThrow(
      /Columns are source cells, 20 on a grid of 8 × 13/,
    );
    await expect(randomWalk(maps, affinity, { border: 'full' })).rejects.toThrow(ShapeError);
    await expect(randomWalk(hostTensor(new Float32Array(24), [3, 8, 1]), affinity)).rejects.toThrow(
      /`maps` to be at least \[5, 9\] for radius 5, got \[3, 8\]/,
    );
    const broken = hostTensor(affinity.values.slice(), affinity.shape);
    broken.values[17] = Number.NaN;
    await expect(randomWalk(maps, broken)).rejects.toThrow(/`affinity` to be finite at \[1, 1\], got NaN/);
    broken.values[17] = -0.5;
    await expect(randomWalk(maps, broken)).rejects.toThrow(/`affinity` to be at least 0 at \[1, 1\]/);
    const holes = hostTensor(maps.values.slice(), maps.shape);
    holes.values[3] = Number.NaN;
    await expect(randomWalk(holes, affinity)).rejects.toThrow(/`maps` to be finite at \[0, 1, 1\]/);
    for (const wrong of [
      { radius: 0 },
      { radius: 2.5 },
      { beta: -1 },
      { beta: Number.NaN },
      { steps: 1.5 },
      { steps: -1 },
      { border: 'mirror' },
      { tolerance: -1 },
      { engine: 'gpu' },
      { onReport: 3 },
    ]) {
      await expect(randomWalk(maps, affinity, wrong as object)).rejects.toThrow(ValueError);
    }
    await expect(randomWalk(hostTensor(new Float32Array(96), [8, 12]), affinity)).rejects.toThrow(ShapeError);
  });
});

test('powerSeries is x^s on [−1, 1], for even and odd s', () => {
  for (const steps of [1, 2, 3, 7, 64, 255, 256, 5000]) {
    const series = powerSeries(steps);
    expect(series.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
    for (const x of [-1, -0.97, -0.4, 0, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
      const sum = series.reduce((total, c, k) => total + c * Math.cos(k * Math.acos(x)), 0);
      expect(Math.abs(sum - x ** steps)).toBeLessThan(4e-12);
    }
  }
  expect(powerSeries(256).length).toBeLessThan(125);
});
