import { expect, test } from 'vitest';
import { matchShape } from './check-shape';
import { ShapeError } from './errors';

test('says what names stand for', () => {
  expect(matchShape('f', 'x', [4, 5, 3], ['h', 'w', 3])).toEqual({ h: 4, w: 5 });
  expect(matchShape('f', 'x', [], [])).toEqual({});
  expect(matchShape('f', 'x', [2, 2], ['n', 'n'])).toEqual({ n: 2 });
  expect(matchShape('f', 'x', [4, 7], ['h', 'K'], { h: 4 })).toEqual({ h: 4, K: 7 });
});

test.for<[number[] | undefined, (string | number)[], Record<string, number> | undefined, string]>([
  [[4, 5], ['h', 'w', 3], undefined, 'f: expected `x` of shape [h, w, 3], got [4, 5].'],
  [[4, 5, 4], ['h', 'w', 3], undefined, 'f: expected `x` of shape [h, w, 3], got [4, 5, 4].'],
  [[2, 3], ['n', 'n'], undefined, 'f: expected `x` of shape [n, n], got [2, 3].'],
  [[5, 5], ['h', 'w'], { h: 4 }, 'f: expected `x` of shape [h = 4, w], got [5, 5].'],
  [undefined, ['h'], undefined, 'f: expected `x` of shape [h], got no shape.'],
])('refuses %j for %j', ([shape, pattern, known, message]) => {
  const call = () => matchShape('f', 'x', shape, pattern, known);
  expect(call).toThrow(ShapeError);
  expect(call).toThrow(message);
});

test('passes the hint on', () => {
  expect(() => matchShape('f', 'x', [1], ['h', 'w'], {}, 'Is it flat?')).toThrow('got [1].\nIs it flat?');
});
