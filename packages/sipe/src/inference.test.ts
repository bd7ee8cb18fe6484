import { argmaxLabels, type Classifier, hostTensor, type TensorLike } from '@wsss/core';
import { expect, test } from 'vitest';
import { classifierView } from './classifier-view';
import { explorePrototypes } from './explore-prototypes';
import { fuseIsCams } from './fuse-is-cams';
import { addMirrored } from './image-view';
import { multiScaleIsCam } from './multi-scale-is-cam';
import { difference, noise } from './scene.fixture';

const view = { maps: noise([4, 5, 3], 1), structure: noise([4, 5, 6], 2), prototype: noise([4, 5, 7], 3) };

test('absent classes are left out, or compete and seed nothing', async () => {
  const excluded = await explorePrototypes(view, { classes: [3, 1] });
  expect([excluded.cam.shape, excluded.prototypes.shape, excluded.isCam.shape]).toEqual([
    [4, 5, 3],
    [3, 7],
    [4, 5, 3],
  ]);
  expect(excluded.seeds.values.every((seed) => seed <= 2)).toBe(true);

  const competing = await explorePrototypes(view, { classes: [3, 1], absent: 'compete' });
  expect([competing.cam.shape, competing.isCam.shape]).toEqual([
    [4, 5, 4],
    [4, 5, 3],
  ]);
  // Class 2 wins cells, but has no prototype.
  expect(competing.seeds.values).toContain(255);
  expect(competing.seeds.values).not.toContain(2);
  expect([...competing.prototypes.values.slice(14, 21)]).toEqual(new Array(7).fill(0));

  // Of all classes, both are the same.
  const all = { classes: [1, 2, 3] };
  const [one, other] = [
    await explorePrototypes(view, all),
    await explorePrototypes(view, { ...all, absent: 'compete' }),
  ];
  expect(one.isCam.values).toEqual(other.isCam.values);
});

test('refuses classes without a map, and views of different sizes', async () => {
  await expect(explorePrototypes(view, { classes: [] })).rejects.toThrow(/at least one class/);
  await expect(explorePrototypes(view, { classes: [4] })).rejects.toThrow(/1..3/);
  await expect(explorePrototypes(view, { classes: [1, 1] })).rejects.toThrow(/each class once/);
  await expect(explorePrototypes(view, { classes: [1], absent: 'vote' as 'compete' })).rejects.toThrow(/absent/);
  const small = { ...view, structure: noise([4, 4, 6], 2) };
  await expect(explorePrototypes(small, { classes: [1] })).rejects.toThrow(/view.structure/);
  const spoilt = { ...view, maps: hostTensor(new Float32Array(60).fill(Number.NaN), [4, 5, 3]) };
  await expect(explorePrototypes(spoilt, { classes: [1] })).rejects.toThrow(/NaN/);
});

test('a view and its mirror image are symmetric', async () => {
  const mirrored = async (x: typeof view.maps) => {
    const [h, w, C] = x.shape as [number, number, number];
    return hostTensor(
      Float32Array.from(
        x.values,
        (_, i) => x.values[(Math.floor(i / (w * C)) * w + (w - 1 - (Math.floor(i / C) % w))) * C + (i % C)]!,
      ),
      [h, w, C],
    );
  };
  const back = {
    maps: await mirrored(view.maps),
    structure: await mirrored(view.structure),
    prototype: await mirrored(view.prototype),
  };
  const sum = await addMirrored(view, back);
  expect(
    difference(
      sum.maps.values,
      view.maps.values.map((value) => 2 * value),
    ),
  ).toBe(0);
  expect(sum.prototype.shape).toEqual([4, 5, 7]);
  await expect(addMirrored(view, { ...back, maps: noise([4, 4, 3], 1) })).rejects.toThrow(/mirrored.maps/);
});

/** A photo of two halves, and a classifier that knows class 1 by its colour in half of its part only. */
function twoHalves() {
  const photo = hostTensor(new Uint8Array(16 * 32 * 3), [16, 32, 3]);
  for (let i = 0; i < 16 * 32; i++) photo.values[i * 3 + (i % 32 < 12 ? 0 : 2)] = 200;
  const classifier: Classifier = {
    features(image: TensorLike) {
      const { values } = image as typeof photo;
      const [h, w] = [image.shape[0]! >> 2, image.shape[1]! >> 2];
      const [colours, part] = [new Float32Array(h * w * 3), new Float32Array(h * w)];
      for (let i = 0; i < h * w; i++) {
        const at = ((Math.floor(i / w) * 4 + 1) * image.shape[1]! + (i % w) * 4 + 1) * 3;
        for (let c = 0; c < 3; c++) colours[i * 3 + c] = values[at + c]! / 200;
        // Seen at the top of it alone.
        part[i] = values[at]! > 100 && Math.floor(i / w) < h / 4 ? 1 : 0;
      }
      return { colours: hostTensor(colours, [h, w, 3]), part: hostTensor(part, [h, w, 1]) };
    },
    tap: 'part',
    weights: hostTensor(Float32Array.of(1), [1, 1]),
  };
  return { photo, classifier };
}

test('what is like the part that the classifier sees becomes its class, and the rest background', async () => {
  const { photo, classifier } = twoHalves();
  const see = classifierView(classifier, { structure: ['colours'], prototype: ['colours'] });
  const isCam = await multiScaleIsCam(see, photo, { classes: [1], scales: [1, 0.5] });
  expect(isCam.shape).toEqual([16, 32, 2]);
  const labels = await argmaxLabels(isCam);
  for (const y of [2, 8, 14]) expect([4, 26].map((x) => labels.values[y * 32 + x])).toEqual([1, 0]);
});

test('tensors of a feature function are disposed, also where a tap is missing', async () => {
  const { photo, classifier } = twoHalves();
  let disposed = 0;
  const counting: Classifier = {
    ...classifier,
    async features(image) {
      const features = await classifier.features(image);
      const counted = (tap: string) => ({ ...features[tap]!, dispose: () => disposed++ });
      return { colours: counted('colours'), part: counted('part') };
    },
  };
  await classifierView(counting, { structure: ['colours'], prototype: ['part'] })(photo);
  expect(disposed).toBe(2);
  const missing = classifierView(counting, { structure: ['shapes'], prototype: ['part'] });
  await expect(missing(photo)).rejects.toThrow(/to return 'shapes', got 'colours, part'/);
  expect(disposed).toBe(4);
  expect(() => classifierView(classifier, { structure: [], prototype: ['part'] })).toThrow(/structure/);
});

test('fusing adds scales and divides by each maximum; a map of zeros stays so', async () => {
  const [one, two] = [hostTensor(Float32Array.of(1, 0, 1, 0), [1, 2, 2]), hostTensor(Float32Array.of(1, 0), [1, 1, 2])];
  const fused = await fuseIsCams([one, two], { size: [2, 2] });
  expect(difference(fused.values, [1, 0, 1, 0, 1, 0, 1, 0])).toBeLessThan(1e-5);
  await expect(fuseIsCams([], { size: [2, 2] })).rejects.toThrow(/at least one map/);
  await expect(fuseIsCams([one, noise([1, 1, 3], 1)], { size: [2, 2] })).rejects.toThrow(/maps\[1\]/);
});

test('refuses images and options out of range', async () => {
  const { photo, classifier } = twoHalves();
  const see = classifierView(classifier, { structure: ['colours'], prototype: ['colours'] });
  await expect(multiScaleIsCam(see, photo, { classes: [1], scales: [] })).rejects.toThrow(/scales/);
  await expect(multiScaleIsCam(see, photo, { classes: [1], scales: [0.001] })).rejects.toThrow(/at least one of 16/);
  await expect(multiScaleIsCam(see, noise([4, 4, 1], 1), { classes: [1] })).rejects.toThrow(/Photos are RGB/);
  await expect(multiScaleIsCam(see, noise([4, 4, 3], 1), { classes: [1] })).rejects.toThrow(/image/);
});

test('one pixel, and maps without a positive value', async () => {
  const pixel = { maps: noise([1, 1, 2], 1, [0.5, 1]), structure: noise([1, 1, 3], 2), prototype: noise([1, 1, 3], 3) };
  // Seen fully as one class, the cell leaves nothing to the background.
  const one = await explorePrototypes(pixel, { classes: [2] });
  expect([...one.seeds.values]).toEqual([1]);
  expect(difference(one.isCam.values, [0, 1])).toBeLessThan(1e-5);

  const nothing = { ...view, maps: hostTensor(new Float32Array(60).fill(-1), [4, 5, 3]) };
  for (const absent of ['exclude', 'compete'] as const) {
    const { seeds, isCam } = await explorePrototypes(nothing, { classes: [1, 2], absent });
    expect(new Set(seeds.values)).toEqual(new Set([0]));
    expect(isCam.values.filter((_, i) => i % 3 > 0).every((value) => value === 0)).toBe(true);
    const fused = await fuseIsCams([isCam], { size: [8, 10] });
    expect(new Set((await argmaxLabels(fused)).values)).toEqual(new Set([0]));
  }
});
