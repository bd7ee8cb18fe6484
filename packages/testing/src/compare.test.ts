import { expect, test } from 'vitest';
import { compare, EXACT } from './compare';

const values = (...list: number[]) => ({ shape: [list.length], values: list });

test('the largest difference counts, against abs + rel of the largest expected size', () => {
  expect(compare(values(1, -4.5), values(1.25, -4), { abs: 0.1, rel: 0.1 })).toEqual({
    ok: true,
    difference: 0.5,
    allowed: 0.5,
  });
  expect(compare(values(1, -4.5), values(1.25, -4), { abs: 0.1, rel: 0.09 })).toMatchObject({ ok: false });
});

test('no tolerance means equal', () => {
  expect(compare(values(1, 2), values(1, 2), EXACT).ok).toBe(true);
  expect(compare(values(1, 2 + 1e-15), values(1, 2), EXACT).ok).toBe(false);
  expect(compare(values(-0), values(0), EXACT).ok).toBe(true);
});

test('NaN always fails, and so does a reference that holds one', () => {
  const wide = { abs: Number.POSITIVE_INFINITY };
  expect(compare(values(Number.NaN), values(1), wide)).toMatchObject({ ok: false, reason: 'NaN at 0' });
  expect(compare(values(1), values(Number.NaN), wide)).toMatchObject({ ok: false });
  expect(compare(values(Number.NaN), values(Number.NaN), wide)).toMatchObject({ ok: false });
});

test('an infinity is equal to the same infinity alone', () => {
  const infinity = Number.POSITIVE_INFINITY;
  expect(compare(values(infinity, 1), values(infinity, 1), EXACT).ok).toBe(true);
  expect(compare(values(-infinity), values(infinity), { rel: 1 }).ok).toBe(false);
  expect(compare(values(3), values(infinity), { rel: 1 }).ok).toBe(false);
});

test('another shape fails even with the same values', () => {
  const result = compare({ shape: [1, 2], values: [1, 2] }, { shape: [2, 1], values: [1, 2] }, { abs: 9 });
  expect(result).toMatchObject({ ok: false, reason: 'shape [1, 2] instead of [2, 1]' });
});
