import { expect, test } from 'vitest';
import { random } from '../random';
import { crop } from './crop';

test.for([
  [0, 0, 4, 5],
  [1, 2, 2, 2],
  [-2, -3, 9, 12],
  [-2, 1, 4, 2],
  [2, -4, 5, 6],
  [3, 4, 3, 3],
  [-5, 0, 3, 5],
  [4, 5, 2, 2],
  [0, -9, 4, 3],
  [0, 7, 4, 3],
] as const)('window %j', (window) => {
  const [h, w, C] = [4, 5, 2] as const;
  const stream = random(1);
  const map = Int16Array.from({ length: h * w * C }, () => stream.integer(1, 999));
  const [top, left, height, width] = window;
  const expected: number[] = [];
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      for (let c = 0; c < C; c++) expected.push(y < 0 || x < 0 || y >= h || x >= w ? -1 : map[(y * w + x) * C + c]!);
    }
  }
  expect(crop(map, [h, w, C], window, -1)).toEqual(Int16Array.from(expected));
  expect(crop(map, [h, w, C], window)).toEqual(Int16Array.from(expected, (value) => (value === -1 ? 0 : value)));
});
