import { describe, expect, test } from 'vitest';
import { centerCrop } from './center-crop';
import { ShapeError, ValueError } from './errors';
import { type HostTensor, hostTensor } from './tensor-like';

const count = (h: number, w: number) =>
  hostTensor(
    Int32Array.from({ length: h * w }, (_, i) => i + 1),
    [h, w],
  );

describe('centerCrop', () => {
  // Python: round(gap / 2) of gaps 1, 2, 3, 5 and 7 is 0, 1, 2, 2 and 4.
  test.for([
    [6, 0],
    [7, 1],
    [8, 2],
    [10, 2],
    [12, 4],
  ])('cuts 5 out of %i from %i on', async ([side, first]) => {
    const row = await centerCrop(count(1, side!), [1, 5]);
    expect([...row.values]).toEqual([1, 2, 3, 4, 5].map((n) => n + first!));
  });

  test.for([
    [4, 0],
    [3, 1],
    [2, 2],
  ])('puts %i into the middle of 5 from %i on', async ([side, first]) => {
    const row = await centerCrop(count(1, side!), [1, 5]);
    const expected = [0, 0, 0, 0, 0];
    for (let i = 0; i < side!; i++) expected[first! + i] = i + 1;
    expect([...row.values]).toEqual(expected);
  });

  test('cuts one side and fills the other, keeping channels and dtype', async () => {
    const map = hostTensor(Uint8Array.of(1, 2, 3, 4, 5, 6), [1, 3, 2]);
    const out: HostTensor<Uint8Array> = await centerCrop(map, [3, 1], { fill: 255 });
    expect(out).toMatchObject({ shape: [3, 1, 2], dtype: 'uint8' });
    expect(out.values).toEqual(Uint8Array.of(255, 255, 3, 4, 255, 255));
  });

  test('one number is the side of a square', async () => {
    expect((await centerCrop(count(4, 9), 3)).shape).toEqual([3, 3]);
  });

  test('refuses what it cannot do', async () => {
    const map = hostTensor(new Uint8Array(4), [2, 2]);
    await expect(centerCrop(map, 0)).rejects.toThrow(ShapeError);
    await expect(centerCrop(map, [2, 2.5])).rejects.toThrow('`size` [h, w] of whole numbers above 0, got [2, 2.5].');
    await expect(centerCrop(hostTensor(new Uint8Array(4), [4]), 2)).rejects.toThrow(ShapeError);
    for (const fill of [-1, 256, 0.5, Number.NaN]) {
      await expect(centerCrop(map, 3, { fill })).rejects.toThrow(`\`fill\` to exist in uint8, got ${fill}.`);
    }
    await expect(centerCrop(hostTensor(Float32Array.of(Number.NaN), [1, 1]), 3)).rejects.toThrow(ValueError);
  });
});
