import { type HostTensor, hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './adjust-colour';
import { colorJitter } from './color-jitter';

const functions = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
};
type Name = keyof typeof functions;

function fnv(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Every colour whose channels are multiples of 17. */
const colours = hostTensor(
  Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => 17 * ((Math.floor(i / 3) >> (8 - 4 * (i % 3))) & 15)),
  [64, 64, 3],
);
const pixels = hostTensor(Uint8Array.of(10, 200, 30, 250, 3, 77, 128, 128, 128, 0, 255, 254), [1, 4, 3]);

// FNV-1a hashes of what torchvision 0.14 with Pillow 9.4 makes of `colours`. (All 16.7 million colours agree too, for
// these functions and 18 factors; that is too long for a test.)
const hashes: [Name, number, number][] = [
  ['brightness', 0, 0x52965dc5],
  ['brightness', 0.7, 0x0573442d],
  ['brightness', 1, 0xe0359145],
  ['brightness', 1.3, 0x3ea440ed],
  ['brightness', 2.5, 0xaf742005],
  ['contrast', 0, 0xc6d65dc5],
  ['contrast', 0.713, 0x038b6305],
  ['contrast', 1, 0xe0359145],
  ['contrast', 1.3, 0xfcad7435],
  ['saturation', 0, 0xb7a49cd9],
  ['saturation', 0.7, 0x24f41a80],
  ['saturation', 1, 0xe0359145],
  ['saturation', 1.29, 0x9db32cae],
  ['hue', -0.5, 0xba609a51],
  ['hue', -0.1, 0x8e1eba10],
  ['hue', -0.033, 0x44f884dd],
  ['hue', 0, 0x684dd050],
  ['hue', 0.07, 0xe50b20b4],
  ['hue', 0.5, 0x92b9ed12],
];

describe('colour adjustments', () => {
  test.each(hashes)('%s by %f is what torchvision makes of a PIL image', async (name, factor, hash) => {
    expect(fnv((await functions[name](colours, factor)).values)).toBe(hash);
  });

  test.each<[Name, number, number[]]>([
    ['brightness', 1.25, [12, 250, 37, 255, 3, 96, 160, 160, 160, 0, 255, 255]],
    ['contrast', 0.8, [33, 185, 49, 225, 28, 87, 128, 128, 128, 25, 229, 229]],
    ['saturation', 1.3, [0, 222, 1, 255, 0, 74, 128, 128, 128, 0, 255, 255]],
    ['hue', 0.1, [10, 200, 140, 250, 68, 4, 128, 128, 128, 0, 108, 255]],
  ])('%s by %f, the same in plain numbers', async (name, factor, expected) => {
    const before = [...pixels.values];
    expect([...(await functions[name](pixels, factor)).values]).toEqual(expected);
    expect([...pixels.values]).toEqual(before);
  });

  test('one after the other', async () => {
    let image: HostTensor<Uint8Array> = colours;
    for (const [name, factor] of [
      ['contrast', 1.2],
      ['saturation', 0.75],
      ['brightness', 0.9],
      ['hue', -0.06],
    ] as const) {
      image = await functions[name](image, factor);
    }
    expect(fnv(image.values)).toBe(0xbf157bc3);
  });

  test('refuse what is out of range', async () => {
    await expect(adjustHue(pixels, 0.6)).rejects.toThrow(ValueError);
    await expect(adjustHue(pixels, Number.NaN)).rejects.toThrow(/factor/);
    await expect(adjustBrightness(pixels, -1)).rejects.toThrow(/factor/);
    await expect(adjustContrast(hostTensor(new Uint8Array(4), [2, 2]), 1)).rejects.toThrow(ShapeError);
    await expect(adjustSaturation(hostTensor(new Uint8Array(0), [0, 2, 3]), 1)).rejects.toThrow(/no pixels/);
    await expect(adjustContrast(hostTensor(Float32Array.of(0.5, 0, 0), [1, 1, 3]), 1)).rejects.toThrow(ValueError);
  });
});

describe('colorJitter', () => {
  const settings = { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 };

  test('is repeatable, and each of its four changes happens alone too', async () => {
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => colorJitter(colours, settings, random(seed))));
    expect(fnv(a!.values)).toBe(fnv(b!.values));
    expect(fnv(a!.values)).not.toBe(fnv(c!.values));
    expect(fnv((await colorJitter(colours, {}, random(1))).values)).toBe(fnv(colours.values));
    for (const [name, strength] of Object.entries(settings)) {
      const changed = await colorJitter(colours, { [name]: strength }, random(3));
      expect(fnv(changed.values), name).not.toBe(fnv(colours.values));
    }
  });

  test('draws factors from the whole of the range, and no further', async () => {
    const grey = hostTensor(Uint8Array.of(100, 100, 100), [1, 1, 3]);
    const seen = new Set<number>();
    for (let seed = 0; seed < 2000; seed++) {
      seen.add((await colorJitter(grey, { brightness: 0.3 }, random(seed))).values[0]!);
    }
    expect(Math.min(...seen)).toBe(70);
    expect(Math.max(...seen)).toBe(129);
    expect(seen.size).toBe(60);
  });

  test('refuses settings out of range', async () => {
    await expect(colorJitter(pixels, { hue: 0.6 }, random(0))).rejects.toThrow(/hue/);
    await expect(colorJitter(pixels, { contrast: -1 }, random(0))).rejects.toThrow(/contrast/);
  });
});
