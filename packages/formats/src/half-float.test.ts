import { expect, test } from 'vitest';
import { bfloat16ToFloat, halfToFloat } from './half-float';

test('half precision: ordinary, subnormal, largest, infinite, not a number', () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x8000, 0x7c00, 0xfc00, 0x7e01);
  const floats = halfToFloat(halves);
  const expected = [1, -2, 0.333251953125, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, -0, Infinity, -Infinity, NaN];
  expect([...floats]).toEqual(expected);
});

test('bfloat16 is the upper half of a float32', () => {
  const floats = bfloat16ToFloat(Uint16Array.of(0x3f80, 0xc000, 0x4049, 0x0001, 0x7f80, 0x7fc0));
  expect([...floats]).toEqual([1, -2, 3.140625, Math.fround(2 ** -133), Infinity, NaN]);
});
