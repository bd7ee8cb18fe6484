import { expect, test } from 'vitest';
import { ValueError } from './errors';
import { roundHalfEven } from './round-half-even';
import { scaledSize } from './scaled-size';

test('roundHalfEven rounds as Python', () => {
  const cases = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, 2.4, 2.6, -2.6, 3, 2 ** 52 + 1];
  const expected = [0, 2, 2, 0, -2, -2, 0, 2, 3, -3, 3, 2 ** 52 + 1];
  expect(cases.map((x) => roundHalfEven(x) + 0)).toEqual(expected);
});

test('scaledSize is round(side · scale) of Python', () => {
  expect([1, 0.5, 1.5, 2].map((scale) => scaledSize(375, scale))).toEqual([375, 188, 562, 750]);
  expect([1, 0.5, 1.5, 2].map((scale) => scaledSize(37, scale))).toEqual([37, 18, 56, 74]);
  expect([1, 0.5, 1.5, 2].map((scale) => scaledSize(333, scale))).toEqual([333, 166, 500, 666]);
});

test('scaledSize leaves at least a pixel', () => {
  expect(() => scaledSize(1, 0.5)).toThrow('scaledSize: expected `scale` to leave at least one of 1 pixels, got 0.5.');
  for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => scaledSize(10, scale)).toThrow(ValueError);
  }
  for (const side of [0, -3, 2.5, Number.NaN]) expect(() => scaledSize(side, 1)).toThrow(ValueError);
});
