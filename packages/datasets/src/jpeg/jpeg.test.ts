import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { FormatError, random } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../image/decode-image';
import { readImage } from '../image/read-image';

const folder = new URL('../../fixtures/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  { width: number; height: number; rgb: string }
>;
const read = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.jpg`, folder)));

describe('the pixels that Pillow reads', () => {
  test.each(Object.keys(expected))('%s', async (name) => {
    const { width, height, rgb } = expected[name]!;
    const image = await decodeImage(read(name));
    expect(image.shape).toEqual([height, width, 3]);
    expect(image.dtype).toBe('uint8');
    expect(image.values).toEqual(new Uint8Array(Buffer.from(rgb, 'base64')));
  });
});

/** The file with an EXIF segment that says how the camera was held. */
function withOrientation(jpeg: Uint8Array, orientation: number, order: 'II' | 'MM'): Uint8Array {
  const little = order === 'II';
  const tiff = new DataView(new ArrayBuffer(26));
  tiff.setUint8(0, order.charCodeAt(0));
  tiff.setUint8(1, order.charCodeAt(1));
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little);
  tiff.setUint16(10, 0x0112, little);
  tiff.setUint16(12, 3, little);
  tiff.setUint32(14, 1, little);
  tiff.setUint16(18, orientation, little);
  const segment = [...new TextEncoder().encode('Exif\0\0'), ...new Uint8Array(tiff.buffer)];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, segment.length + 2, ...segment, ...jpeg.subarray(2)]);
}

describe('orientation', () => {
  const jpeg = read('rgb'); // 19 wide, 21 high
  // new row and column → old row and column, by the words of the EXIF standard on where row 0 and column 0 are
  const [last, right] = [20, 18];
  const from: Record<number, (y: number, x: number) => [number, number]> = {
    1: (y, x) => [y, x],
    2: (y, x) => [y, right - x],
    3: (y, x) => [last - y, right - x],
    4: (y, x) => [last - y, x],
    5: (y, x) => [x, y],
    6: (y, x) => [last - x, y],
    7: (y, x) => [last - x, right - y],
    8: (y, x) => [x, right - y],
  };
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is turned upright', async (orientation) => {
    const stored = (await decodeImage(jpeg)).values;
    const { shape, values } = await decodeImage(withOrientation(jpeg, orientation, orientation % 2 ? 'II' : 'MM'));
    expect(shape).toEqual(orientation < 5 ? [21, 19, 3] : [19, 21, 3]);
    for (let y = 0; y < shape[0]!; y++) {
      for (let x = 0; x < shape[1]!; x++) {
        const [row, column] = from[orientation]!(y, x);
        const at = (y * shape[1]! + x) * 3;
        expect(values.subarray(at, at + 3)).toEqual(
          stored.subarray((row * 19 + column) * 3, (row * 19 + column) * 3 + 3),
        );
      }
    }
  });

  test('on demand it is left as stored', async () => {
    const image = await decodeImage(withOrientation(jpeg, 6, 'II'), { orientation: 'ignore' });
    expect(image).toMatchObject({ shape: [21, 19, 3], values: (await decodeImage(jpeg)).values });
    await expect(decodeImage(jpeg, { orientation: 'up' as 'apply' })).rejects.toThrow("to be 'apply' or 'ignore'");
  });

  test('EXIF that makes no sense does not matter', async () => {
    for (const value of [0, 9, 65535]) {
      expect((await decodeImage(withOrientation(jpeg, value, 'II'))).shape).toEqual([21, 19, 3]);
    }
  });
});

describe('a damaged file', () => {
  const refused = async (bytes: Uint8Array) => {
    const error = await decodeImage(bytes, { name: 'bad.jpg' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(/^bad\.jpg: expected /);
    return error.message as string;
  };

  test.each(['ycc-420', 'progressive-420', 'ycc-restart', 'cmyk'])('%s, cut at any place', async (name) => {
    const bytes = read(name);
    for (let length = 0; length < bytes.length; length++) await refused(bytes.subarray(0, length));
  });

  test('the message says so', async () => {
    const bytes = read('ycc-420');
    expect(await refused(bytes.subarray(0, bytes.length - 2))).toMatch(/end of the file.*\nIs the file cut short\?/s);
    expect(await refused(bytes.subarray(0, bytes.length - 200))).toMatch(
      /row \d+, column \d+.*\nIs the file cut short\?/s,
    );
  });

  test('its header claims more pixels than it can hold', async () => {
    const bytes = read('ycc-420');
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    bytes.fill(0xff, frame + 5, frame + 9);
    expect(await refused(bytes)).toMatch(/65535 × 65535 pixels/);
  });

  test.each<[string, Uint8Array, string]>([
    ['an arithmetically coded one', Uint8Array.of(0xff, 0xd8, 0xff, 0xc9, 0, 3, 0), 'an arithmetically coded one'],
    ['a lossless one', Uint8Array.of(0xff, 0xd8, 0xff, 0xc3, 0, 3, 0), 'a lossless one'],
    [
      '12 bits',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xc1, 0, 11, 12, 0, 8, 0, 8, 1, 1, 0x11, 0),
      '8 bits per sample, got one of 12',
    ],
    ['two components', Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 14, 8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0), 'got 2'],
    ['a WebP', new TextEncoder().encode('RIFF....WEBPVP8 '), 'a JPEG or PNG image, got a WebP'],
    ['a web page', new TextEncoder().encode('<!doctype html>'), 'a web page in place of the image'],
    ['nothing', new Uint8Array(0), 'got an empty file'],
  ])('%s', async (_, bytes, message) => expect(await refused(bytes)).toContain(message));

  test('bytes changed at random: a typed error, or a picture of the size that the header says', async () => {
    const seeded = random(7);
    let refusals = 0;
    const names = Object.keys(expected);
    for (let round = 0; round < 600; round++) {
      const bytes = read(names[round % names.length]!);
      for (let n = seeded.integer(1, 4); n > 0; n--)
        bytes[seeded.integer(2, bytes.length - 1)] = seeded.integer(0, 255);
      try {
        const { shape, values } = await decodeImage(bytes);
        expect(values.length).toBe(shape[0]! * shape[1]! * 3);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refusals++;
      }
    }
    expect(refusals).toBeGreaterThan(100);
  });

  test('a missing one', async () => {
    await expect(readImage('/nowhere/a.jpg')).rejects.toThrow(
      '/nowhere/a.jpg: expected a file that can be read, got no such file.',
    );
  });
});

const photos = new URL('../../../../../shared/data/voc-mini/images/', import.meta.url);
test.skipIf(!existsSync(photos))('real photos of ../shared/data, where they are', async () => {
  const names = readdirSync(photos).slice(0, 20);
  for (const name of names) {
    const { shape } = await readImage(new URL(name, photos));
    expect(Math.max(shape[0]!, shape[1]!)).toBeLessThanOrEqual(500);
  }
  expect(names).toHaveLength(20);
});
