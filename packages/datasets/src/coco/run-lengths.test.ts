import { expect, test } from 'vitest';
import { fillPolygon } from './fill-polygon';
import { fillRuns, formatRuns, parseRuns, runsOf } from './run-lengths';

const [h, w] = [37, 29];
/** A disc and a corner. */
const shape = (y: number, x: number) => (y - 18) ** 2 + (x - 12) ** 2 < 130 || (x > 20 && y > 30);
// pycocotools 2.0's encode of the same.
const ENCODED = 'e15m06L2M4N0O2N2O000O2O00000001N10001N2N102L@I75JK9OJ1e0000000000';

test('writes what pycocotools writes, and reads it', () => {
  const runs = runsOf(shape, h, w);
  expect(formatRuns(runs)).toBe(ENCODED);
  expect(parseRuns(ENCODED)).toEqual(runs);
  const inside = new Uint8Array(h * w);
  fillRuns(inside, h, w, runs);
  expect(inside).toEqual(Uint8Array.from({ length: h * w }, (_, i) => (shape(Math.floor(i / w), i % w) ? 1 : 0)));
  expect(inside.reduce((a, b) => a + b)).toBe(453);
});

test('runs of any size come back', () => {
  for (const runs of [
    [0],
    [6],
    [0, 6],
    [1, 2, 3],
    [100_000, 1, 3_000_000, 5, 2, 16, 15, 31, 32],
    [2 ** 24, 1, 0, 2 ** 24],
  ]) {
    expect(parseRuns(formatRuns(runs))).toEqual(runs);
  }
});

test('refuses runs that are damaged', () => {
  const fill = (counts: number[]) => () => fillRuns(new Uint8Array(6), 2, 3, counts);
  expect(fill([2, 5])).toThrow(/beyond the image/);
  expect(fill([2, 3])).toThrow(/before the image/);
  expect(fill([2, -1, 5])).toThrow(/a run of -1/);
  expect(() => parseRuns('d')).toThrow(/without an end/);
  expect(() => parseRuns('5 5')).toThrow(/' ' at character 1/);
  expect(() => parseRuns('ppppppppp0')).toThrow(/at character/);
});

test('a polygon holds the pixels whose centres it holds', () => {
  const inside = new Uint8Array(4 * 5);
  // A triangle over the left and lower half, partly outside of the image.
  fillPolygon(inside, 4, 5, [-1, -1, 4, 4, -1, 4]);
  const rows = [0, 1, 2, 3].map((y) => [...inside.subarray(y * 5, y * 5 + 5)].join(''));
  // Centres on the slanted edge lie outside, as it is the right one.
  expect(rows).toEqual(['00000', '10000', '11000', '11100']);
});

test('a polygon has the area of its outline, and nearly that of pycocotools', () => {
  const inside = new Uint8Array(h * w);
  const corners = [3.2, 4.1, 25.7, 6.3, 20.4, 33.9, 8.0, 30.0];
  fillPolygon(inside, h, w, corners);
  let twice = 0;
  for (let i = 0; i < 4; i++) {
    const j = (i + 1) % 4;
    twice += corners[2 * i]! * corners[2 * j + 1]! - corners[2 * j]! * corners[2 * i + 1]!;
  }
  const area = inside.reduce((a, b) => a + b);
  expect(Math.abs(area - Math.abs(twice) / 2)).toBeLessThan(4);
  // Its pixels, and up to one more along the outline of 86 pixels.
  expect(Math.abs(466 - area)).toBeLessThan(43);
});

test('of a polygon that crosses itself both halves count, a line has nothing', () => {
  const inside = new Uint8Array(100);
  fillPolygon(inside, 10, 10, [0, 0, 10, 10, 10, 0, 0, 10]);
  expect(inside.reduce((a, b) => a + b)).toBe(50);
  inside.fill(0);
  fillPolygon(inside, 10, 10, [1, 1, 8, 8, 1, 1]);
  expect(inside.includes(1)).toBe(false);
});
