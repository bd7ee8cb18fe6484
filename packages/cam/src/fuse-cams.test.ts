import { type HostTensor, hostTensor, random, resizeBilinear } from '@wsss/core';
import { expect, test } from 'vitest';
import { type CamFusion, fuseCams } from './fuse-cams';

const drawn = (seed: number, shape: number[], high = 2) => {
  const stream = random(seed);
  const size = shape.reduce((product, n) => product * n, 1);
  return hostTensor(
    Float32Array.from({ length: size }, () => stream.uniform(0, high)),
    shape,
  );
};
const maps = [drawn(1, [3, 5, 2]), drawn(2, [2, 3, 2], 9), drawn(3, [6, 9, 2])];
const size = [37, 71] as const;

/** The definition, in plain words: enlarge, cut, add, divide; in double. */
async function reference(given: HostTensor[], fusion: CamFusion): Promise<number[]> {
  const [h, w] = size;
  const grid: [number, number] = fusion === 'irn' ? [48, 80] : [h, w];
  const peak = (values: ArrayLike<number>, c: number) => Math.max(...Array.from(values).filter((_, i) => i % 2 === c));
  const sum = new Array<number>(h * w * 2).fill(0);
  for (const map of given) {
    const own = map.values.map((value, i) => (fusion === 'sipe' ? value / (peak(map.values, i % 2) + 1e-5) : value));
    const large = (await resizeBilinear(hostTensor(own, map.shape), grid)).values;
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        for (let c = 0; c < 2; c++) sum[(y * w + x) * 2 + c]! += large[(y * grid[1] + x) * 2 + c]!;
      }
    }
  }
  const peaks = [peak(sum, 0), peak(sum, 1)];
  return sum.map((value, i) => value / (peaks[i % 2]! + 1e-5));
}

test.each(['psa', 'irn', 'sipe'] as const)('%s is as defined', async (fusion) => {
  const fused = await fuseCams(maps, { size, fusion });
  expect(fused.shape).toEqual([...size, 2]);
  const expected = await reference(maps, fusion);
  for (const [i, value] of fused.values.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6);
});

test('the three differ, and psa is what is meant without a word', async () => {
  const [psa, irn, sipe, none] = await Promise.all([
    fuseCams(maps, { size, fusion: 'psa' }),
    fuseCams(maps, { size, fusion: 'irn' }),
    fuseCams(maps, { size, fusion: 'sipe' }),
    fuseCams(maps, { size }),
  ]);
  expect(none.values).toEqual(psa.values);
  for (const other of [irn, sipe]) {
    expect(Math.max(...psa.values.map((value, i) => Math.abs(value - other.values[i]!)))).toBeGreaterThan(0.01);
  }
});

test('one map at its own size is normalised by its maximum', async () => {
  const map = drawn(4, [4, 6, 3]);
  const fused = await fuseCams([map], { size: [4, 6] });
  const highest = Math.max(...map.values.filter((_, i) => i % 3 === 1));
  expect(fused.values[1]).toBeCloseTo(map.values[1]! / (highest + 1e-5), 6);
});

test('arguments are left as they are, and an order of the scales as good as another', async () => {
  const before = maps.map((map) => map.values.slice());
  const [there, back] = [
    await fuseCams(maps, { size, fusion: 'sipe' }),
    await fuseCams([...maps].reverse(), { size, fusion: 'sipe' }),
  ];
  expect(maps.map((map) => map.values)).toEqual(before);
  for (const [i, value] of there.values.entries()) expect(back.values[i]).toBeCloseTo(value, 6);
});

test.each(['psa', 'irn', 'sipe'] as const)('%s: channels without a positive value are 0', async (fusion) => {
  const values = Float32Array.of(0, -1, 0, -2, 0, -3, 0, -4);
  const fused = await fuseCams([hostTensor(values, [2, 2, 2])], { size: [3, 3], fusion });
  expect(fused.values.every((value) => value === 0)).toBe(true);
});

test('wrong arguments are named', async () => {
  await expect(fuseCams([], { size })).rejects.toThrow(/`maps` to hold at least one map/);
  await expect(fuseCams(maps, { size: [0, 3] })).rejects.toThrow(/`size`/);
  await expect(fuseCams([maps[0]!, drawn(1, [3, 5, 4])], { size })).rejects.toThrow(
    /`maps\[1\]` of shape \[h, w, C = 2\], got \[3, 5, 4\]/,
  );
  await expect(fuseCams(maps, { size, fusion: 'sum' as 'psa' })).rejects.toThrow(/`fusion`/);
  await expect(fuseCams([hostTensor(new Float32Array(0), [0, 1, 2])], { size })).rejects.toThrow(/cells/);
  const broken = hostTensor(Float32Array.of(1, Number.NaN), [1, 2, 1]);
  await expect(fuseCams([broken], { size })).rejects.toThrow(/`maps\[0\]` to be finite at \[0, 1, 0\], got NaN/);
});
