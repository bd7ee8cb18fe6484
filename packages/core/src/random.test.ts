import { describe, expect, test } from 'vitest';
import { ValueError } from './errors';
import { random } from './random';

const take = (seed: number, count: number) => {
  const stream = random(seed);
  return Array.from({ length: count }, () => stream.next());
};

describe('random', () => {
  test('equal seeds give equal streams, now and later', () => {
    expect(take(7, 5)).toEqual(take(7, 5));
    // Frozen: data sets and trained networks depend on it.
    expect(take(1, 3)).toMatchInlineSnapshot(`
      [
        0.30336147150956094,
        0.5015152664855123,
        0.08876212197355926,
      ]
    `);
    expect(take(-3, 2)).toMatchInlineSnapshot(`
      [
        0.8221416675951332,
        0.08008012501522899,
      ]
    `);
    expect(take(2 ** 40 + 1, 2)).toMatchInlineSnapshot(`
      [
        0.1500350337009877,
        0.5586753862444311,
      ]
    `);
  });

  test('different seeds give different streams, far ones and near ones', () => {
    const starts = [0, 1, 2, 3, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((seed) => take(seed, 3).join());
    expect(new Set(starts).size).toBe(starts.length);
  });

  test('goes on from its state, which JSON can hold', () => {
    const stream = random(5);
    for (let i = 0; i < 10; i++) stream.normal();
    const again = random(JSON.parse(JSON.stringify(stream.state())));
    expect([again.next(), again.normal(), again.integer(0, 99)]).toEqual([
      stream.next(),
      stream.normal(),
      stream.integer(0, 99),
    ]);
  });

  test('forks are streams of their own, whatever the parent did', () => {
    const parent = random(5);
    const before = parent.fork('crop');
    parent.next();
    const after = parent.fork('crop');
    const crop = before.next();
    expect(after.next()).toBe(crop);
    const firsts = [crop, random(5).fork('flip').next(), random(6).fork('crop').next(), random(5).next()];
    expect(new Set([...firsts, random(5).fork(1).next(), random(5).fork('1').next()]).size).toBe(6);
  });

  test('is uniform: moments, buckets, and no correlation with the number before', () => {
    const n = 100_000;
    const values = take(11, n);
    const mean = values.reduce((a, b) => a + b) / n;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    const lag = values.slice(1).reduce((a, b, i) => a + (b - mean) * (values[i]! - mean), 0) / n / variance;
    // Five standard errors each.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    expect(Math.abs(lag)).toBeLessThan(5 / Math.sqrt(n));
    const buckets = new Array<number>(64).fill(0);
    for (const value of values) buckets[Math.floor(value * 64)]!++;
    const chiSquare = buckets.reduce((a, b) => a + (b - n / 64) ** 2 / (n / 64), 0);
    expect(chiSquare).toBeLessThan(63 + 5 * Math.sqrt(2 * 63));
  });

  test('is normal: moments', () => {
    const stream = random(12);
    const n = 100_000;
    const values = Array.from({ length: n }, () => stream.normal());
    const moment = (p: number) => values.reduce((a, b) => a + b ** p, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  test('integers reach both ends, evenly', () => {
    const stream = random(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) counts[stream.integer(-1, 1) + 1]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(3000 * (1 / 3) * (2 / 3)));
    expect(stream.integer(4, 4)).toBe(4);
  });

  test('uniform stays within its bounds', () => {
    const stream = random(4);
    for (let i = 0; i < 1000; i++) {
      const value = stream.uniform(-2, 5);
      expect(value >= -2 && value < 5).toBe(true);
    }
  });

  test('shuffle keeps the items, moves them, and favours no order', () => {
    const stream = random(9);
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = stream.shuffle([...items]);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort()).toEqual(items);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = stream.shuffle(['a', 'b', 'c']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) {
      expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(6000 * (1 / 6) * (5 / 6)));
    }
  });

  test.for([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('refuses the seed %d', (seed) => {
    expect(() => random(seed)).toThrow(ValueError);
  });

  test('refuses a state that is none', () => {
    expect(() => random({ seed: 1, position: -1 })).toThrow('`seed` to be a whole number, or the state of a stream');
  });
});
