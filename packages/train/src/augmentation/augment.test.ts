import { type HostTensor, hostTensor, IMAGENET_PREPROCESS, random, ShapeError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { type Augmentation, augment } from './augment';
import { cropSample } from './crop-sample';
import { flipSample } from './flip-sample';
import { centerNearest } from './kernels/center-nearest';
import { PSA_AFFINITY_AUGMENTATION, PSA_CLASSIFIER_AUGMENTATION, SIPE_AUGMENTATION } from './presets';
import { resizeSample } from './resize-sample';

/** A photo whose red is its row, green its column, with maps and labels that say the same. */
function sample(h: number, w: number) {
  const image = new Uint8Array(h * w * 3);
  const maps = new Float32Array(h * w * 2);
  const labels = new Uint8Array(h * w);
  for (let i = 0; i < h * w; i++) {
    const [y, x] = [Math.floor(i / w), i % w];
    image.set([y, x, 200], 3 * i);
    maps.set([y, x], 2 * i);
    labels[i] = (y + x) % 21;
  }
  return { image: hostTensor(image, [h, w, 3]), maps: hostTensor(maps, [h, w, 2]), labels: hostTensor(labels, [h, w]) };
}
const identity = { order: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] } as const;

describe('joint transforms', () => {
  test('flipSample mirrors image, maps and labels alike', async () => {
    const { image, maps, labels } = await flipSample(sample(2, 3));
    expect([...image.values]).toEqual([0, 2, 200, 0, 1, 200, 0, 0, 200, 1, 2, 200, 1, 1, 200, 1, 0, 200]);
    expect([...maps!.values]).toEqual([0, 2, 0, 1, 0, 0, 1, 2, 1, 1, 1, 0]);
    expect([...labels!.values]).toEqual([2, 1, 0, 3, 2, 1]);
  });

  test('cropSample pads with 0, and labels with 255, and says where the photo is', async () => {
    const { image, maps, labels, box } = await cropSample(sample(2, 3), { top: -1, left: 1, height: 3, width: 3 });
    expect([...labels!.values]).toEqual([255, 255, 255, 1, 2, 255, 2, 3, 255]);
    expect([...image.values].filter((_, i) => i % 3 === 2)).toEqual([0, 0, 0, 200, 200, 0, 200, 200, 0]);
    expect([...maps!.values].filter((_, i) => i % 2 === 1)).toEqual([0, 0, 0, 1, 2, 0, 1, 2, 0]);
    expect(box).toEqual({ top: 1, left: 0, height: 2, width: 2 });
    await expect(cropSample(sample(2, 3), { top: 2, left: 0, height: 2, width: 2 })).rejects.toThrow(ShapeError);
    await expect(cropSample(sample(2, 3), { top: 0, left: 0, height: 0, width: 2 })).rejects.toThrow(ShapeError);
  });

  test('resizeSample keeps labels on the photo', async () => {
    const { image, maps, labels } = await resizeSample(sample(8, 12), [4, 24]);
    expect([image.shape, maps!.shape, labels!.shape]).toEqual([
      [4, 24, 3],
      [4, 24, 2],
      [4, 24],
    ]);
    // Rows 2 d + ½ and columns (d + ½) / 2 − ½ of the ramp that the maps are; labels from rows 2 d + 1.
    expect([...maps!.values.slice(48 + 20, 48 + 24)]).toEqual([2.5, 4.75, 2.5, 5.25]);
    expect([...labels!.values.slice(0, 6)]).toEqual([1, 1, 2, 2, 3, 3]);
  });

  test('labels are resized as Pillow resizes them', () => {
    // From PIL: Image.fromarray(labels).resize((w, h), Image.NEAREST)
    const labels = Uint8Array.from({ length: 35 }, (_, i) => (i * 7) % 251);
    const small = [0, 14, 28, 42, 98, 112, 126, 140, 196, 210, 224, 238];
    expect([...centerNearest(labels, [5, 7], [3, 4])]).toEqual(small);
    for (const [h, w, hash] of [
      [3, 4, 0x135d492d],
      [9, 13, 0xf19bb322],
      [5, 14, 0x299817b3],
      [10, 7, 0x9af249a3],
    ] as const) {
      let got = 0x811c9dc5;
      for (const byte of centerNearest(labels, [5, 7], [h, w])) got = Math.imul(got ^ byte, 0x01000193);
      expect(got >>> 0).toBe(hash);
    }
  });

  test('sizes must agree', async () => {
    const { image, labels } = sample(4, 5);
    const other = sample(4, 6);
    await expect(flipSample({ image, labels: other.labels })).rejects.toThrow(/labels/);
    await expect(cropSample({ image, maps: other.maps }, { top: 0, left: 0, height: 1, width: 1 })).rejects.toThrow(
      /maps/,
    );
    await expect(resizeSample({ image, labels }, [0, 3])).rejects.toThrow(/size/);
    await expect(flipSample({ image: labels })).rejects.toThrow(/image/);
  });
});

describe('augment', () => {
  const run = (
    settings: Augmentation,
    seed: number,
    [h, w] = [20, 30],
    preprocess: typeof identity | typeof IMAGENET_PREPROCESS = identity,
  ) => augment(sample(h!, w!), settings, { random: random(seed), preprocess });

  test('keeps image, maps, labels and box on one another', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const { image, maps, labels, box, flipped } = await run({ flip: 0.5, crop: 24 }, seed);
      expect(image.shape).toEqual([24, 24, 3]);
      let wrong = 0;
      for (let i = 0; i < 24 * 24; i++) {
        const [y, x] = [Math.floor(i / 24), i % 24];
        const inside = y >= box.top && y < box.top + box.height && x >= box.left && x < box.left + box.width;
        const [row, column, blue] = image.values.subarray(3 * i);
        const expected = inside ? [row, column, (row! + column!) % 21, 200] : [0, 0, 255, 0];
        const got = [maps!.values[2 * i], maps!.values[2 * i + 1], labels!.values[i], blue];
        if (got.some((value, k) => value !== expected[k])) wrong++;
        if (inside && x > box.left && column! - image.values[3 * i - 2]! !== (flipped ? -1 : 1)) wrong++;
      }
      expect(wrong).toBe(0);
      expect([box.height, box.width, box.left]).toEqual([20, 24, 0]);
    }
  });

  test('reaches every window, long side and mirror image, and equal seeds give equal examples', async () => {
    const seen = { top: new Set<number>(), column: new Set<number>(), flipped: 0, long: new Set<number>() };
    for (let seed = 0; seed < 400; seed++) {
      const { image, box, flipped } = await run({ flip: 0.5, crop: 24 }, seed);
      seen.top.add(box.top);
      if (!flipped) seen.column.add(image.values[3 * (box.top * 24) + 1]!);
      if (flipped) seen.flipped++;
      const resized = await run({ longSide: [10, 14] }, seed, [3, 20]);
      seen.long.add(resized.image.shape[1]!);
      // round-half-even(3 · long / 20)
      expect(resized.image.shape[0]).toBe(2);
    }
    expect([...seen.top].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect([...seen.column].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...seen.long].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14]);
    // 200 ± 4 standard deviations of a binomial
    expect(Math.abs(seen.flipped - 200)).toBeLessThan(40);
    const settings = { longSide: [20, 40], flip: 0.5, jitter: { hue: 0.1, contrast: 0.3 }, crop: 32 } as const;
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => run(settings, seed)));
    expect([a!.image.values, a!.labels!.values, a!.box]).toEqual([b!.image.values, b!.labels!.values, b!.box]);
    expect(a!.image.values).not.toEqual(c!.image.values);
  });

  test('pads with the mean colour or with black', async () => {
    const corner = async (padding: 'mean' | 'black') => {
      const { image, box } = await run({ crop: 64, padding }, 5, [20, 30], IMAGENET_PREPROCESS);
      expect(box.top).toBeGreaterThan(0);
      return [...image.values.slice(0, 3)];
    };
    expect(await corner('mean')).toEqual([0, 0, 0]);
    const black = [0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225].map((v) => Math.fround(-v));
    expect(await corner('black')).toEqual(black);
  });

  test("the papers' presets give what their networks take", async () => {
    const size = async (settings: Augmentation) => {
      const { image, box } = await run(settings, 3, [90, 125], IMAGENET_PREPROCESS);
      return [image.shape, Math.max(box.height, box.width)] as [number[], number];
    };
    const [psa, affinity, sipe] = await Promise.all(
      [PSA_CLASSIFIER_AUGMENTATION, PSA_AFFINITY_AUGMENTATION, SIPE_AUGMENTATION].map(size),
    );
    expect(psa![0]).toEqual([448, 448, 3]);
    expect(affinity).toEqual([[448, 448, 3], 125]);
    expect(sipe![0]).toEqual([512, 512, 3]);
    expect(psa![1]).toBeGreaterThanOrEqual(256);
    expect(sipe![1]).toBeGreaterThanOrEqual(320);
  });

  test('refuses settings without meaning', async () => {
    const wrong: [Augmentation, RegExp][] = [
      [{ longSide: [10, 5] }, /longSide/],
      [{ longSide: [0, 5] }, /longSide/],
      [{ longSide: [1, 5], scale: [1, 2] }, /scale/],
      [{ scale: [0, 2] }, /scale/],
      [{ flip: 1.5 }, /flip/],
      [{ crop: 2.5 }, /crop/],
      [{ padding: 'grey' as 'black' }, /padding/],
    ];
    for (const [settings, message] of wrong) await expect(run(settings, 1)).rejects.toThrow(message);
  });

  test('takes int32 labels and refuses maps with NaN', async () => {
    const { image, maps } = sample(4, 5);
    const labels = hostTensor(new Int32Array(20).fill(255), [4, 5]);
    const options = { random: random(1), preprocess: identity };
    const result = await augment({ image, labels }, { crop: 3 }, options);
    expect(result.labels!.values).toEqual(new Uint8Array(9).fill(255));
    maps.values[7] = Number.NaN;
    await expect(augment({ image, maps: maps as HostTensor }, { crop: 3 }, options)).rejects.toThrow(/NaN/);
  });
});
