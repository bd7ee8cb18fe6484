import { expect, test } from 'vitest';
import { linearTicks, logTicks } from './ticks';

test('linear ticks are round and take in both ends', () => {
  expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearTicks(0.13, 0.68, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  expect(linearTicks(-3, 17, 5)).toEqual([-5, 0, 5, 10, 15, 20]);
  expect(linearTicks(0, 740, 5)).toEqual([0, 200, 400, 600, 800]);
  expect(linearTicks(2, 2, 5)).toEqual([2, 2.5]);
  expect(linearTicks(0, 0, 5)).toEqual([0, 0.2]);
});

test('logarithmic ticks are powers of ten', () => {
  expect(logTicks(0.002, 0.7, 5)).toEqual([0.001, 0.01, 0.1, 1]);
  expect(logTicks(1, 1, 5)).toEqual([1, 10]);
  expect(logTicks(1e-9, 1, 5)).toEqual([1e-9, 1e-7, 1e-5, 1e-3, 0.1, 10]);
});
