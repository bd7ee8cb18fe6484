import { expect, test } from 'vitest';
import { hwc, hwio, item, nhwc, permute } from './layout';
import { referenceTensor } from './reference-tensor';

const counted = (...shape: number[]) =>
  referenceTensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  );

test('axes are reordered', () => {
  const tensor = counted(2, 3, 4);
  const swapped = permute(tensor, [2, 0, 1]);
  expect(swapped.shape).toEqual([4, 2, 3]);
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 4; k++) expect(swapped.values[(k * 2 + i) * 3 + j]).toBe((i * 3 + j) * 4 + k);
    }
  }
  expect(permute(swapped, [1, 2, 0])).toMatchObject({ shape: [2, 3, 4], values: tensor.values });
});

test('the layouts of torch become ours', () => {
  expect(nhwc(counted(2, 3, 4, 5)).shape).toEqual([2, 4, 5, 3]);
  expect(hwc(counted(1, 3, 4, 5)).shape).toEqual([4, 5, 3]);
  expect(hwc(counted(1, 3, 4)).shape).toEqual([3, 4, 1]);
  expect(hwio(counted(8, 3, 5, 7)).shape).toEqual([5, 7, 3, 8]);
  expect([...hwc(counted(2, 2, 2)).values]).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
  expect(() => hwc(counted(2, 3, 4, 5))).toThrow();
});

test('an item of a batch', () => {
  expect(item(counted(2, 3), 1)).toMatchObject({ shape: [3], values: Float32Array.of(3, 4, 5) });
});
