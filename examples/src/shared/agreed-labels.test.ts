import { hostTensor, ShapeError } from '@wsss/core';
import { expect, test } from 'vitest';
import { agreedLabels } from './agreed-labels';

const mask = (...labels: number[]) => hostTensor(Uint8Array.from(labels), [1, labels.length]);

test('keeps what all masks say, and no pixel on which two differ', () => {
  const first = mask(0, 1, 2, 3, 255, 4);
  expect([...agreedLabels(first, mask(0, 1, 0, 3, 4, 255), mask(0, 2, 2, 3, 4, 4)).values]).toEqual([
    0, 255, 255, 3, 255, 255,
  ]);
  expect([...first.values]).toEqual([0, 1, 2, 3, 255, 4]);
  expect(agreedLabels(first).values).toEqual(first.values);
});

test('refuses masks of other sizes', () => {
  expect(() => agreedLabels(mask(0, 1), mask(0))).toThrow(ShapeError);
});
