import { hostTensor } from '@wsss/core';
import { expect, test } from 'vitest';
import { colormaps } from './colormaps';
import { overlay } from './overlay';

const image = hostTensor(Uint8Array.of(10, 20, 30, 200, 100, 0), [1, 2, 3]);
const map = hostTensor(Float32Array.of(0, 1), [1, 2]);

test('a mixture of photo and colours, opaque', async () => {
  const gray = await overlay(image, map, { colormap: 'gray', opacity: 0.25 });
  expect(gray.shape).toEqual([1, 2, 4]);
  expect([...gray.values]).toEqual([8, 15, 22, 255, 214, 139, 64, 255]);
  expect([...(await overlay(image, map, { opacity: 0 })).values]).toEqual([10, 20, 30, 255, 200, 100, 0, 255]);
  const own = await overlay(image, hostTensor(map.values, [1, 2, 1]), {
    colormap: (v) => [v, 2 * v, 3 * v],
    opacity: 1,
  });
  expect([...own.values]).toEqual([0, 0, 0, 255, 1, 2, 3, 255]);
});

test('half of jet is what is shown without a word', async () => {
  const shown = await overlay(image, map);
  expect(shown.values).toEqual((await overlay(image, map, { colormap: 'jet', opacity: 0.5 })).values);
  expect([...shown.values.slice(0, 3)]).toEqual([5, 10, 79]);
});

test.each(Object.entries(colormaps))('%s stays within bytes, and has no jumps', (_, colour) => {
  const steps = Array.from({ length: 1001 }, (_, i) => colour(i / 1000));
  for (const [i, rgb] of steps.entries()) {
    for (const [c, value] of rgb.entries()) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(255);
      if (i > 0) expect(Math.abs(value - steps[i - 1]![c]!)).toBeLessThan(2);
    }
  }
});

test.each(['viridis', 'inferno', 'gray'] as const)('%s grows lighter', (name) => {
  const light = (value: number) => {
    const [r, g, b] = colormaps[name](value);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (let i = 1; i <= 100; i++) expect(light(i / 100)).toBeGreaterThan(light((i - 1) / 100));
});

test('values are clamped within rounding, and refused beyond', async () => {
  const slightly = hostTensor(Float32Array.of(-1e-6, 1 + 1e-6), [1, 2]);
  expect((await overlay(image, slightly)).values).toEqual((await overlay(image, map)).values);
  const beyond = hostTensor(Float32Array.of(0, 7), [1, 2]);
  await expect(overlay(image, beyond)).rejects.toThrow(/`map` to be in 0..1 at \[0, 1\], got 7.\nnormalizeCam/);
});

test('wrong arguments are named', async () => {
  await expect(overlay(image, hostTensor(new Float32Array(2), [2, 1]))).rejects.toThrow(
    /`map` of shape \[h = 1, w = 2\]/,
  );
  await expect(overlay(image, hostTensor(new Float32Array(4), [1, 2, 2]))).rejects.toThrow(/One class at a time/);
  await expect(overlay(image, map, { opacity: 2 })).rejects.toThrow(/`opacity` to be in 0..1, got 2/);
  await expect(overlay(image, map, { colormap: 'rainbow' as 'jet' })).rejects.toThrow(
    /one of jet, viridis, inferno, gray/,
  );
  await expect(overlay(image, map, { colormap: 'toString' as 'jet' })).rejects.toThrow(/`colormap`/);
  await expect(overlay(hostTensor(Float32Array.of(0, 0, 300), [1, 1, 3]), map)).rejects.toThrow(/`map`/);
});
