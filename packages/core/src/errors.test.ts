import { describe, expect, test } from 'vitest';
import { describe as inWords } from './describe';
import { BackendError, FormatError, ShapeError, ValueError, WsssError } from './errors';
import { hostTensor } from './tensor-like';

describe('errors say where, which argument, what was expected, what came, and why', () => {
  test('ShapeError', () => {
    const error = new ShapeError(
      'randomWalk',
      'affinity',
      [34, 'M'],
      [12, 96],
      'Was it predicted with another radius?',
    );
    expect(error.message).toBe(
      'randomWalk: expected `affinity` of shape [34, M], got [12, 96].\nWas it predicted with another radius?',
    );
    expect(error).toMatchObject({ where: 'randomWalk', argument: 'affinity', expected: [34, 'M'], got: [12, 96] });
    expect(new ShapeError('f', 'x', 'to hold 6 values', undefined).message).toBe(
      'f: expected `x` to hold 6 values, got no shape.\nIs an `await` missing?',
    );
  });

  test('ValueError', () => {
    const error = new ValueError('addBackground', 'alpha', 'to be positive', -1);
    expect(error.message).toBe('addBackground: expected `alpha` to be positive, got -1.');
    expect(error).toMatchObject({ where: 'addBackground', argument: 'alpha', expected: 'to be positive', got: -1 });
  });

  test('FormatError', () => {
    const error = new FormatError('net.pth', 'a pickle', 'an HTML page', 'Was the download refused?');
    expect(error.message).toBe('net.pth: expected a pickle, got an HTML page.\nWas the download refused?');
    expect(new FormatError('bytes', 'a length', 12n).message).toBe('bytes: expected a length, got 12n.');
  });

  test('FormatError shows control characters of a file as escapes', () => {
    const error = new FormatError('a.pth', 'a name', "'x\u001b[31m\n\u202ey\u009b'", 'Is it\ta name?');
    expect(error.message).toBe("a.pth: expected a name, got 'x\\u001b[31m\\n\\u202ey\\u009b'.\nIs it\\ta name?");
  });

  test('FormatError does not repeat a file at length', () => {
    expect(new FormatError('a.pth', `'${'x'.repeat(5000)}'`, 'y'.repeat(5000)).message.length).toBeLessThan(900);
  });

  test('BackendError keeps its cause', () => {
    const cause = new Error('404');
    const error = new BackendError('wasm', 'its binary was not found', 'Serve it beside the page.', { cause });
    expect(error.message).toBe("backend 'wasm': its binary was not found.\nServe it beside the page.");
    expect(error.cause).toBe(cause);
  });

  test('each is a WsssError, an Error, and knows its name', () => {
    for (const error of [
      new ShapeError('f', 'x', [1], [2]),
      new ValueError('f', 'x', 'to be y', 1),
      new FormatError('f', 'x', 'y'),
      new BackendError('b', 'x'),
    ]) {
      expect(error).toBeInstanceOf(WsssError);
      expect(error).toBeInstanceOf(Error);
      expect(String(error).startsWith(`${error.name}: `)).toBe(true);
    }
  });
});

test.for<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  [true, 'true'],
  [Symbol('s'), 'Symbol(s)'],
  ['cat', "'cat'"],
  ['x'.repeat(100), `'${'x'.repeat(79)}…'`],
  [[1, 'a', null], "[1, 'a', null]"],
  [Array.from({ length: 20 }, (_, i) => i), '[0, 1, 2, 3, 4, 5, 6, 7, … 20 in all]'],
  [new Float32Array(3), '3 values of float32'],
  [hostTensor(new Uint8Array(6), [2, 3]), 'a tensor [2, 3] of uint8'],
  [{ a: 1, b: 2 }, 'an object with a, b'],
  [{}, 'an object with no keys'],
  [Object.create(null), 'an object with no keys'],
  [function named() {}, "a function 'named'"],
  [() => 0, 'a function'],
  [new DataView(new ArrayBuffer(2)), 'an object with no keys'],
])('describe: %#', ([value, expected]) => expect(inWords(value)).toBe(expected));
