import { expect, test } from 'vitest';
import { formatSeconds, formatValue } from './format-value';

test('formatValue', () => {
  expect(formatValue(0.4567, 'percent')).toBe('45.7 %');
  expect(formatValue(0.4567, 'percent', 0)).toBe('46 %');
  expect(formatValue(-0.0001, 'percent')).toBe('0.0 %');
  expect(formatValue(12345)).toBe('12\u202f345');
  expect(formatValue(-1000)).toBe('−1\u202f000');
  expect(formatValue(0.056789)).toBe('0.0568');
  expect(formatValue(123.456)).toBe('123');
  expect(formatValue(0)).toBe('0');
  expect(formatValue(1e-9)).toBe('0.000000');
  expect(formatValue(null)).toBe('–');
  expect(formatValue(Number.NaN, 'percent')).toBe('not a number');
  expect(formatValue(Number.NEGATIVE_INFINITY)).toBe('−∞');
  expect(formatValue('words', 'percent')).toBe('words');
});

test('formatSeconds', () => {
  expect([0, 0.0123, 0.9999, 3.421, 47.6, 59.7, 125, 3599.8, 3840].map(formatSeconds)).toEqual([
    '0 ms',
    '12 ms',
    '1.00 s',
    '3.42 s',
    '48 s',
    '1 min 00 s',
    '2 min 05 s',
    '1 h 00 min',
    '1 h 04 min',
  ]);
});
