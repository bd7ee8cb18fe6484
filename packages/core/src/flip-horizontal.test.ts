import { expect, test } from 'vitest';
import { ShapeError } from './errors';
import { flipHorizontal } from './flip-horizontal';
import { type HostTensor, hostTensor } from './tensor-like';

test('mirrors columns, keeping rows, channels and dtype', async () => {
  const map = hostTensor(Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), [2, 3, 2]);
  const out: HostTensor<Int16Array> = await flipHorizontal(map);
  expect(out.values).toEqual(Int16Array.of(5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8));
  expect((await flipHorizontal(out)).values).toEqual(map.values);
  expect((await flipHorizontal(hostTensor(Uint8Array.of(1, 0), [1, 2], 'bool'))).dtype).toBe('bool');
});

test('refuses what is no map', async () => {
  await expect(flipHorizontal(hostTensor(new Float32Array(3), [3]))).rejects.toThrow(ShapeError);
  await expect(flipHorizontal(hostTensor(Float32Array.of(Number.NaN), [1, 1]))).rejects.toThrow('got NaN');
});
