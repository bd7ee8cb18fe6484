import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { FormatError, random } from '@wsss/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { crc32, portableCrc32 } from './crc32';
import { deflate } from './deflate';
import { inflate } from './inflate';

const seeded = random(1);
const data = Uint8Array.from({ length: 20_001 }, (_, i) => (seeded.next() < 0.5 ? i >> 8 : seeded.integer(0, 255)));

afterEach(() => vi.restoreAllMocks());

describe.each(['Node', 'a browser'])('in %s', (where) => {
  // Without Node's modules; the process itself has to stay, for the test runner.
  const settle = () =>
    where === 'a browser' && vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);

  test.each([
    ['deflate', deflateSync],
    ['deflate-raw', deflateRawSync],
    ['gzip', gzipSync],
  ] as const)('%s there and back', async (format, peer) => {
    settle();
    const options = { format, size: data.length, name: 'a' };
    expect(Buffer.compare(await inflate(new Uint8Array(peer(data)), options), data)).toBe(0);
    expect(Buffer.compare(await inflate(await deflate(data, { format }), options), data)).toBe(0);
    expect(await inflate(await deflate(new Uint8Array(0), { format }), { ...options, size: 0 })).toEqual(
      new Uint8Array(0),
    );
  });

  const zlib = new Uint8Array(deflateSync(data));
  const cases: [string, Uint8Array<ArrayBuffer>, number, string][] = [
    ['cut short', zlib.slice(0, -7), data.length, 'sound compressed data'],
    ['damaged', zlib.map((byte, i) => (i === 5000 ? byte ^ 255 : byte)), data.length, 'sound compressed data'],
    ['with a wrong checksum', zlib.map((byte, i) => (i === zlib.length - 1 ? byte ^ 1 : byte)), data.length, 'sound'],
    ['nothing', new Uint8Array(0), 0, 'sound compressed data'],
    ['longer than said', zlib, data.length - 1, 'of 20000 bytes, got more'],
    ['much longer than said', zlib, 3, 'of 3 bytes, got more'],
    ['shorter than said', zlib, data.length + 1, 'of 20002 bytes, got 20001'],
    ['a bomb', zlib, 2 ** 40, 'cannot hold as many'],
  ];
  test.each(cases)('%s', async (_, bytes, size, message) => {
    settle();
    const error = await inflate(bytes, { format: 'deflate', size, name: 'bad.png' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain('bad.png: expected');
    expect(error.message).toContain(message);
  });
});

test('the checksum: the known check value, pieces, and the same without Node', () => {
  const digits = new TextEncoder().encode('123456789');
  expect(crc32(digits)).toBe(0xcbf43926);
  expect(portableCrc32(digits)).toBe(0xcbf43926);
  expect(crc32(digits.subarray(4), crc32(digits.subarray(0, 4)))).toBe(0xcbf43926);
  expect(portableCrc32(data.subarray(77), portableCrc32(data.subarray(0, 77)))).toBe(crc32(data));
  expect(portableCrc32(new Uint8Array(0))).toBe(0);
});
