import { type FeatureFunction, hostTensor } from '@wsss/core';
import { expect, test } from 'vitest';
import { seenOnce } from './seen-once';

test('what was seen in an image is handed out again, and another image is looked at', async () => {
  const looks: string[] = [];
  const features: FeatureFunction = (image) => {
    looks.push(image.shape.join());
    return { tap: hostTensor(Float32Array.of(looks.length), [1, 1, 1]) };
  };
  const see = seenOnce(features);
  const photo = (value: number, shape = [1, 2, 3]) => hostTensor(new Uint8Array(6).fill(value), shape);
  const [first, other, turned] = [await see(photo(1)), await see(photo(2)), await see(photo(1, [2, 1, 3]))];
  expect(looks).toEqual(['1,2,3', '1,2,3', '2,1,3']);
  expect(await see(photo(1))).toBe(first);
  expect(await see(photo(2))).toBe(other);
  expect(await see(photo(1, [2, 1, 3]))).toBe(turned);
  expect(looks.length).toBe(3);
});
