import { readFileSync } from 'node:fs';
import { FormatError, hostTensor, random, ShapeError, type TensorLike, ValueError, VOC_PALETTE } from '@wsss/core';
import { crc32 } from '@wsss/formats';
import { describe, expect, test, vi } from 'vitest';
import { decodeImage, decodeIndexedPng, encodeIndexedPng, encodePng } from '../index';

interface Case {
  name: string;
  width: number;
  height: number;
  file: string;
  samples: string;
  rgb: string;
}
const cases = JSON.parse(readFileSync(new URL('../../fixtures/pngs.json', import.meta.url), 'utf8')) as Case[];
const decoded = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

describe('decoding', () => {
  test.each(cases)('$name', async ({ name, width, height, file, samples, rgb }) => {
    const image = await decodeImage(decoded(file));
    expect(image).toMatchObject({ shape: [height, width, 3], dtype: 'uint8' });
    expect(image.values).toEqual(decoded(rgb));
    if (/^(indexed|grey [1248] )/.test(name)) {
      const mask = await decodeIndexedPng(decoded(file));
      expect(mask.shape).toEqual([height, width]);
      expect(mask.values).toEqual(decoded(samples));
      expect(mask.palette === undefined).toBe(name.startsWith('grey'));
    } else {
      await expect(decodeIndexedPng(decoded(file), { name: 'm.png' })).rejects.toThrow(
        /^m\.png: expected a PNG of indices/,
      );
    }
  });

  test('the same without Node', async () => {
    // The process itself has to stay, for the test runner.
    const modules = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    try {
      for (const { file, rgb } of cases) expect((await decodeImage(decoded(file))).values).toEqual(decoded(rgb));
    } finally {
      modules.mockRestore();
    }
  });
});

describe('what is written is read', () => {
  const seeded = random(3);
  const bytes = (length: number) => Uint8Array.from({ length }, () => seeded.integer(0, 255));

  test('every index, 255 included, with the palette', async () => {
    const labels = hostTensor(
      Uint8Array.from({ length: 512 }, (_, i) => i & 255),
      [16, 32],
    );
    const mask = await decodeIndexedPng(await encodeIndexedPng(labels));
    expect(mask.values).toEqual(labels.values);
    expect(mask.shape).toEqual([16, 32]);
    expect(mask.palette).toEqual(VOC_PALETTE);
  });

  test('labels of other dtypes, a palette of one’s own', async () => {
    const palette = Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 0, 255);
    const mask = await decodeIndexedPng(await encodeIndexedPng(hostTensor(Int32Array.of(0, 2, 1), [1, 3]), palette));
    expect(mask.values).toEqual(Uint8Array.of(0, 2, 1));
    expect(mask.palette).toEqual(palette);
    const image = await decodeImage(await encodeIndexedPng(hostTensor(Float32Array.of(2, 1), [2, 1]), palette));
    expect(image.values).toEqual(Uint8Array.of(0, 0, 255, 255, 0, 0));
  });

  test.each([1, 2, 3, 4])('%i channels', async (channels) => {
    const values = bytes(7 * 5 * channels);
    const image = await decodeImage(await encodePng(hostTensor(values, [7, 5, channels])));
    const first = (i: number, c: number) => values[i * channels + (channels < 3 ? 0 : c)]!;
    expect(image.values).toEqual(Uint8Array.from({ length: 105 }, (_, i) => first(Math.floor(i / 3), i % 3)));
  });

  test('grey of rank 2', async () => {
    const image = await decodeImage(await encodePng(hostTensor(Uint8Array.of(9, 8), [1, 2])));
    expect(image.values).toEqual(Uint8Array.of(9, 9, 9, 8, 8, 8));
  });

  test('a smooth picture is packed well', async () => {
    const slope = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 64) + Math.floor(i / 192));
    expect((await encodePng(hostTensor(slope, [64, 64, 3]))).length).toBeLessThan(600);
  });
});

describe('a damaged file', () => {
  const sound = decoded(cases.find(({ name }) => name === 'indexed 8 bit')!.file);
  const refused = async (bytes: Uint8Array) => {
    const error = await decodeIndexedPng(bytes, { name: 'bad.png' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(/^bad\.png: expected /);
    return error.message as string;
  };

  test('cut at any place', async () => {
    for (let length = 0; length < sound.length; length++) await refused(sound.subarray(0, length));
  });

  test('any byte changed', async () => {
    for (let i = 0; i < sound.length; i++) await refused(sound.map((byte, at) => (at === i ? byte ^ 0x10 : byte)));
  });

  /** A file of chunks with right checksums. */
  function file(...chunks: [string, ArrayLike<number>][]): Uint8Array {
    const parts = chunks.flatMap(([type, content]) => {
      const body = Uint8Array.from([...new TextEncoder().encode(type), ...Array.from(content)]);
      const sum = new DataView(new ArrayBuffer(8));
      sum.setUint32(0, content.length);
      sum.setUint32(4, crc32(body));
      return [...new Uint8Array(sum.buffer, 0, 4), ...body, ...new Uint8Array(sum.buffer, 4, 4)];
    });
    return Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...parts]);
  }
  const header = (width: number, height: number, depth = 8, color = 3) => [
    ...new Uint8Array(new Uint32Array([width, height]).buffer).reverse().slice(4),
    ...new Uint8Array(new Uint32Array([height]).buffer).reverse(),
    depth,
    color,
    0,
    0,
    0,
  ];
  const zeros = [0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1]; // two bytes of zero

  test.each<[string, Uint8Array, RegExp]>([
    ['no header', file(['IDAT', zeros], ['IEND', []]), /header as first chunk, got 'IDAT'/],
    ['no data', file(['IHDR', header(1, 1)], ['PLTE', [1, 2, 3]], ['IEND', []]), /picture/],
    ['no palette', file(['IHDR', header(1, 1)], ['IDAT', zeros], ['IEND', []]), /palette/],
    ['an odd palette', file(['IHDR', header(1, 1)], ['PLTE', [1, 2]]), /1 to 256 colours/],
    ['no pixels', file(['IHDR', header(0, 1)]), /pixels, got 0 × 1/],
    ['far too many pixels', file(['IHDR', header(65535, 65535)]), /pixels/],
    [
      'more pixels than its data can hold',
      file(['IHDR', header(16384, 16384)], ['PLTE', [1, 2, 3]], ['IDAT', zeros], ['IEND', []]),
      /cannot hold/,
    ],
    [
      'fewer data than pixels',
      file(['IHDR', header(2, 1)], ['PLTE', [1, 2, 3]], ['IDAT', zeros], ['IEND', []]),
      /compressed data of 3 bytes, got 2/,
    ],
    ['an impossible depth', file(['IHDR', header(1, 1, 16, 3)]), /colour type 3 of 16 bits/],
    ['an unknown chunk that matters', file(['IHDR', header(1, 1)], ['ABCD', []]), /'ABCD'/],
  ])('%s', async (_, bytes, message) => expect(await refused(bytes)).toMatch(message));

  test('an index without a colour shows as an error in colour', async () => {
    const bytes = file(
      ['IHDR', header(1, 1)],
      ['PLTE', [1, 2, 3]],
      ['IDAT', [0x78, 0x9c, 0x63, 0x64, 4, 0, 0, 4, 0, 2]],
      ['IEND', []],
    );
    await expect(decodeImage(bytes)).rejects.toThrow(FormatError);
  });
});

describe('the writers refuse', () => {
  const labels = (values: number[]) => hostTensor(Float32Array.from(values), [1, values.length]);
  test.each<[string, () => Promise<unknown>, new (...args: never[]) => Error, string]>([
    ['labels of rank 3', () => encodeIndexedPng(hostTensor(new Uint8Array(3), [1, 1, 3])), ShapeError, '[h, w]'],
    ['no labels', () => encodeIndexedPng(undefined as unknown as TensorLike), ShapeError, 'no shape'],
    ['a fraction', () => encodeIndexedPng(labels([0.5])), ValueError, 'whole numbers from 0 to 255, got 0.5'],
    ['a negative label', () => encodeIndexedPng(labels([-1])), ValueError, 'got -1'],
    ['256', () => encodeIndexedPng(labels([256])), ValueError, 'got 256'],
    ['not a number', () => encodeIndexedPng(labels([Number.NaN])), ValueError, 'got NaN'],
    [
      'a label without a colour',
      () => encodeIndexedPng(labels([255]), Uint8Array.of(0, 0, 0)),
      ValueError,
      'palette of 1',
    ],
    ['a broken palette', () => encodeIndexedPng(labels([0]), Uint8Array.of(0, 0)), ValueError, 'three bytes each'],
    ['five channels', () => encodePng(hostTensor(new Uint8Array(5), [1, 1, 5])), ShapeError, '[h, w, 1 to 4]'],
    ['no pixels', () => encodePng(hostTensor(new Uint8Array(0), [0, 3, 3])), ValueError, 'pixels'],
    ['values in 0..1', () => encodePng(labels([0.25])), ValueError, 'multiplied by 255'],
    ['no bytes', () => decodeImage('a.jpg' as unknown as Uint8Array), ValueError, 'readImage takes paths'],
  ])('%s', async (_, run, type, message) => {
    const error = (await run().catch((thrown: Error) => thrown)) as Error;
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });
});
