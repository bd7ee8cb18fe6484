import { affinityPairs, refineScores } from '@wsss/affinity';
import { multiScaleCam, seeds } from '@wsss/cam';
import { argmaxLabels, type Classifier, type HostTensor, hostTensor, random, type TensorLike } from '@wsss/core';
import { crf, crfFromLabels, DEEPLAB_CRF, IRN_CRF, PSA_CRF } from '@wsss/crf';
import { classifierView, multiScaleIsCam, type SipeNet } from '@wsss/sipe';
import { expect, test } from 'vitest';
import { type PseudoLabelOptions, pseudoLabel } from './pseudo-label';

/** A photo of grey noise with a red square (class 1) at the left and a blue one (class 3) at the right. */
function photo(): HostTensor<Uint8Array> {
  const stream = random(5);
  const values = new Uint8Array(40 * 64 * 3);
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 64; x++) {
      const inside = y >= 12 && y < 28 ? (x >= 8 && x < 24 ? 0 : x >= 40 && x < 56 ? 2 : -1) : -1;
      const grey = stream.integer(60, 90);
      for (let c = 0; c < 3; c++) values[(y * 64 + x) * 3 + c] = inside < 0 ? grey : inside === c ? 230 : 20;
    }
  }
  return hostTensor(values, [40, 64, 3]);
}

/** Looks at mean colours of 4 × 4 pixels; classes red, green, blue. */
const classifier: Classifier = {
  features: (image: TensorLike) => {
    const { values, shape } = image as HostTensor<Uint8Array>;
    const [h, w] = shape as [number, number, number];
    const [rows, columns] = [Math.ceil(h / 4), Math.ceil(w / 4)];
    const means = new Float32Array(rows * columns * 3);
    for (let i = 0; i < values.length; i++) {
      const [y, x] = [Math.floor(i / 3 / w), Math.floor(i / 3) % w];
      means[(Math.floor(y / 4) * columns + Math.floor(x / 4)) * 3 + (i % 3)]! += values[i]! / 16;
    }
    return { colours: hostTensor(means, [rows, columns, 3]) };
  },
  tap: 'colours',
  weights: hostTensor(Float32Array.of(2, -1, -1, -1, 2, -1, -1, -1, 2), [3, 3]),
};

test('masks the squares, with the class indices of the labels', async () => {
  const { cam, refined, mask, timings } = await pseudoLabel(photo(), [3, 1], { classifier });
  expect([cam.shape, refined.shape, mask.shape]).toEqual([
    [40, 64, 2],
    [40, 64, 3],
    [40, 64],
  ]);
  const at = (y: number, x: number) => mask.values[y * 64 + x];
  expect([at(20, 16), at(20, 48), at(4, 32), at(36, 60)]).toEqual([1, 3, 0, 0]);
  expect(new Set(mask.values)).toEqual(new Set([0, 1, 3]));
  expect(Object.keys(timings)).toEqual(['cam', 'mask']);
  for (const seconds of Object.values(timings)) expect(seconds).toBeGreaterThanOrEqual(0);
});

test('is the maps of multiScaleCam, a background, and the highest score', async () => {
  const how = { scales: [1, 0.75], flip: false, fusion: 'irn' } as const;
  const made = await pseudoLabel(photo(), [1, 3], { classifier, ...how, background: { threshold: 0.35 } });
  const cam = await multiScaleCam(classifier, photo(), { classes: [1, 3], ...how });
  expect(made.cam.values).toEqual(cam.values);
  expect(made.mask.values).toEqual((await seeds(cam, { classes: [1, 3], threshold: 0.35 })).values);
  expect([...new Set(made.refined.values.filter((_, i) => i % 3 === 0))]).toEqual([Math.fround(0.35)]);
});

test('the background as a power of what the maps leave: more of it, the smaller alpha', async () => {
  const share = async (alpha: number) => {
    const { mask, refined, cam } = await pseudoLabel(photo(), [1, 3], { classifier, background: { alpha } });
    for (let i = 0; i < mask.values.length; i += 37) {
      const most = Math.max(cam.values[i * 2]!, cam.values[i * 2 + 1]!);
      expect(refined.values[i * 3]).toBeCloseTo((1 - most) ** alpha, 5);
    }
    return mask.values.filter((label) => label === 0).length / mask.values.length;
  };
  const [broad, narrow] = [await share(1), await share(16)];
  expect(broad).toBeGreaterThan(narrow);
  expect(narrow).toBeGreaterThan(0.1);
});

test('with affinities, the scores walk among the cells that are alike before the highest is taken', async () => {
  // Cells are alike where their colours are: 5 × 8 cells, all pairs.
  const walk = { radius: 3, border: 'full', beta: 1, steps: 40 } as const;
  const { from, to } = await affinityPairs(5, 8, 3, walk);
  const affinity = (image: TensorLike) => {
    const { values } = image as HostTensor<Uint8Array>;
    const colour = (cell: number, c: number) => {
      const [y, x] = [Math.floor(cell / 8) * 8 + 4, (cell % 8) * 8 + 4];
      return values[(y * 64 + x) * 3 + c]!;
    };
    const alike = Float32Array.from(to.values, (other, k) => {
      const one = from.values[k % from.values.length]!;
      if (other < 0) return 0;
      return Math.exp(-[0, 1, 2].reduce((sum, c) => sum + Math.abs(colour(one, c) - colour(other, c)), 0) / 20);
    });
    return hostTensor(alike, to.shape);
  };
  const background = { alpha: 2 };
  const plain = await pseudoLabel(photo(), [1, 3], { classifier, background });
  const walked = await pseudoLabel(photo(), [1, 3], { classifier, background, affinity, walk });
  expect(walked.cam.values).toEqual(plain.cam.values);
  const expected = await refineScores(plain.refined, affinity(photo()), walk);
  expect(walked.refined.values).toEqual(expected.values);
  expect(Object.keys(walked.timings)).toEqual(['cam', 'affinity', 'walk', 'mask']);

  const network = {
    predict: async (image: TensorLike, how: object) => {
      expect(how).toEqual({ radius: 3, border: 'full' });
      return affinity(image);
    },
  };
  const same = await pseudoLabel(photo(), [1, 3], { classifier, background, affinity: network, walk });
  expect(same.refined.values).toEqual(walked.refined.values);

  const wrong = (options: object) => pseudoLabel(photo(), [1], { classifier, ...options });
  await expect(wrong({ walk })).rejects.toThrow(/`walk` to be left out without `affinity`/);
  await expect(wrong({ affinity: {} })).rejects.toThrow(/`affinity` to be an AffinityNet/);
  await expect(wrong({ affinity: network, walk: { cell: 4 } })).rejects.toThrow(/`walk.cell` to be 8/);
  await expect(wrong({ affinity, walk: { radius: 2 } })).rejects.toThrow(/was it predicted with another/);
});

test('a CRF fits the mask to the edges of the photo', async () => {
  // The square of a coarse map, seen in cells of 4 × 4; a blurred classifier makes its mask too large.
  const how = { classifier, scales: [1], flip: false, background: { threshold: 0.15 } };
  const wide = await pseudoLabel(photo(), [1, 3], how);
  const count = (mask: HostTensor<Uint8Array>) => mask.values.filter((label) => label !== 0).length;
  expect(count(wide.mask)).toBeGreaterThan(600);
  for (const preset of [IRN_CRF, PSA_CRF]) {
    const fitted = await pseudoLabel(photo(), [1, 3], { ...how, crf: preset });
    expect(Object.keys(fitted.timings)).toEqual(['cam', 'crf', 'mask']);
    // The two squares have 256 pixels each.
    expect(count(fitted.mask)).toBe(512);
    const sum = fitted.refined.values.slice(0, 3).reduce((a, b) => a + b);
    expect(sum).toBeCloseTo(1, 5);
  }
});

test('a CRF from labels is crfFromLabels on the mask, from scores crf on the scores, and a function its own', async () => {
  const how = { classifier, scales: [1], flip: false };
  const plain = await pseudoLabel(photo(), [1, 3], how);
  const channels = hostTensor(
    plain.mask.values.map((label) => [0, 1, 1, 2][label]!),
    [40, 64],
  );
  const expected = await crfFromLabels(photo(), channels, { classes: 3, preset: IRN_CRF });
  expect((await pseudoLabel(photo(), [1, 3], { ...how, crf: IRN_CRF })).refined.values).toEqual(expected.values);
  const refined = await crf(photo(), plain.refined, DEEPLAB_CRF);
  expect((await pseudoLabel(photo(), [1, 3], { ...how, crf: DEEPLAB_CRF })).refined.values).toEqual(refined.values);
  const negate = (_: TensorLike, scores: HostTensor) =>
    hostTensor(
      scores.values.map((v) => -v),
      scores.shape,
    );
  const own = await pseudoLabel(photo(), [1, 3], { ...how, crf: negate });
  expect(own.refined.values).toEqual(plain.refined.values.map((v) => -v));
  const wrong = () => hostTensor(new Float32Array(6), [1, 2, 3]);
  await expect(pseudoLabel(photo(), [1, 3], { ...how, crf: wrong })).rejects.toThrow(/crf\(image, scores\)/);
});

test('wrong arguments are named', async () => {
  const label = (labels: readonly number[], change: object = {}, image: TensorLike = photo()) =>
    pseudoLabel(image, labels, { classifier, ...change } as PseudoLabelOptions);
  await expect(label([])).rejects.toThrow(/pseudoLabel: expected `labels` to hold at least one class index, got \[\]/);
  await expect(label([0])).rejects.toThrow(/class indices 1..3, got \[0\]/);
  await expect(label([4])).rejects.toThrow(/class indices 1..3/);
  const many = { ...classifier, weights: hostTensor(new Float32Array(300 * 3), [300, 3]) };
  await expect(label([255], { classifier: many })).rejects.toThrow(/class indices 1..254, got \[255\]/);
  await expect(label([1, 1])).rejects.toThrow(/each class once/);
  await expect(label(['cat'] as unknown as number[])).rejects.toThrow(/data sets yield names/);
  await expect(label([1], { crf: {} })).rejects.toThrow(/`preset.iterations`/);
  await expect(label([1], { crf: 'psa' })).rejects.toThrow(/`crf` to be a preset of @wsss\/crf, or a function/);
  await expect(label([1], { CRF: {} })).rejects.toThrow(/`options` to be among classifier, .* got 'CRF'/);
  await expect(label([1], { classifier: undefined })).rejects.toThrow(/`classifier` to be/);
  await expect(label([1], { background: {} })).rejects.toThrow(/`background` to be/);
  await expect(label([1], { background: { threshold: 0.2, alpha: 4 } })).rejects.toThrow(/`background` to be/);
  await expect(label([1], { background: { threshold: 20 } })).rejects.toThrow(
    /`background.threshold` to be in \[0, 1\)/,
  );
  await expect(label([1], { background: { alpha: 0 } })).rejects.toThrow(/`background.alpha`/);
  await expect(label([1], {}, hostTensor(new Uint8Array(4), [2, 2, 1]))).rejects.toThrow(/\[h, w, 3\]/);
});

test('with taps of the features, image-specific maps take the place of a background, and features are computed once', async () => {
  let calls = 0;
  const counting: Classifier = {
    ...classifier,
    features(image) {
      calls++;
      return classifier.features(image);
    },
  };
  // Grey is like red and like blue by 0.67, and there is much of it.
  const sipe = { structure: ['colours'], prototype: ['colours'], backgroundFactor: 0.2 };
  const { cam, isCam, refined, mask, timings } = await pseudoLabel(photo(), [3, 1], { classifier: counting, sipe });
  expect(calls).toBe(8); // four scales, mirrored
  expect([cam.shape, isCam!.shape]).toEqual([
    [40, 64, 2],
    [40, 64, 3],
  ]);
  expect(refined).toBe(isCam);
  const at = (y: number, x: number) => mask.values[y * 64 + x];
  expect([at(20, 16), at(20, 48), at(4, 32), at(36, 60)]).toEqual([1, 3, 0, 0]);
  expect(Object.keys(timings)).toEqual(['cam', 'isCam', 'mask']);
  const see = classifierView(classifier, { structure: ['colours'], prototype: ['colours'] });
  const alone = await multiScaleIsCam(see, photo(), { classes: [3, 1], backgroundFactor: 0.2 });
  expect(isCam!.values).toEqual(alone.values);
  // A network in their place: anything that says what it sees.
  const network = { view: see as unknown as SipeNet['view'] };
  const other = await pseudoLabel(photo(), [3, 1], { classifier, sipe: network });
  expect(other.isCam!.values).toEqual((await multiScaleIsCam(see, photo(), { classes: [3, 1] })).values);
});

test('refuses taps that do not come, and a background beside image-specific maps', async () => {
  const label = (options: Partial<PseudoLabelOptions>) => pseudoLabel(photo(), [1], { classifier, ...options });
  const sipe = { structure: ['colours'], prototype: ['colours'] };
  await expect(label({ sipe, background: { alpha: 1 } })).rejects.toThrow(/expected `background` to be left out/);
  await expect(label({ sipe: { ...sipe, structure: [] } })).rejects.toThrow(/expected `sipe` to be a SipeNet/);
  await expect(label({ sipe: { ...sipe, prototype: ['shapes'] } })).rejects.toThrow(/to return 'shapes'/);
  await expect(label({ sipe: { ...sipe, backgroundFactor: 0 } })).rejects.toThrow(/backgroundFactor/);
});

/** Probabilities of background, red, green and blue: what the colour of each pixel says. */
const seenPixels = (image: TensorLike) => {
  const { values, shape } = image as HostTensor<Uint8Array>;
  const [h, w] = shape as [number, number, number];
  const made = new Float32Array(h * w * 4);
  for (let i = 0; i < h * w; i++) {
    const [red, green, blue] = [0, 1, 2].map((c) => values[i * 3 + c]! / 255);
    const weights = [0.5, red! ** 4, green! ** 4, blue! ** 4];
    const sum = weights.reduce((a, b) => a + b);
    for (let k = 0; k < 4; k++) made[i * 4 + k] = weights[k]! / sum;
  }
  return hostTensor(made, [h, w, 4]);
};

test('with a segmentation network, what it sees takes the place of the maps, gated by the labels', async () => {
  const alone = await pseudoLabel(photo(), [3], { segmentation: seenPixels });
  expect(Object.keys(alone).sort()).toEqual(['mask', 'refined', 'segmented', 'timings']);
  expect(Object.keys(alone.timings)).toEqual(['segmentation', 'mask']);
  expect(alone.refined.shape).toEqual([40, 64, 2]);
  const seen = seenPixels(photo());
  const background = alone.refined.values.filter((_, i) => i % 2 === 0);
  expect(background).toEqual(seen.values.filter((_, i) => i % 4 === 0));
  // Only blue may be there, so that all that is not background is.
  for (let i = 0; i < 40 * 64; i++) expect(alone.refined.values[i * 2 + 1]).toBeCloseTo(1 - background[i]!, 5);
  expect(new Set(alone.mask.values)).toEqual(new Set([0, 3]));

  // Both labels, in their own order; with maps beside it, and a CRF behind it.
  const how = { classifier, scales: [1], flip: false };
  const both = await pseudoLabel(photo(), [3, 1], { ...how, segmentation: seenPixels, crf: IRN_CRF });
  const maps = await pseudoLabel(photo(), [3, 1], how);
  expect(both.cam.values).toEqual(maps.cam.values);
  expect(Object.keys(both.timings)).toEqual(['cam', 'segmentation', 'crf', 'mask']);
  const at = (y: number, x: number) => both.mask.values[y * 64 + x];
  expect([at(20, 16), at(20, 48), at(4, 32)]).toEqual([1, 3, 0]);
  const labels = await argmaxLabels(both.segmented!);
  const fitted = await crfFromLabels(photo(), labels, { classes: 3, preset: IRN_CRF });
  expect(both.refined.values).toEqual(fitted.values);
});

test('refuses a segmentation network that does not fit', async () => {
  const label = (options: object, labels = [1]) => pseudoLabel(photo(), labels, options as PseudoLabelOptions);
  await expect(label({ segmentation: {} })).rejects.toThrow(/`segmentation` to be a network of @wsss\/segmentation/);
  await expect(label({ segmentation: seenPixels, sipe: {} })).rejects.toThrow(/`sipe` to be left out without/);
  await expect(label({ segmentation: seenPixels }, [4])).rejects.toThrow(/a channel for label 4/);
  await expect(label({ segmentation: seenPixels }, [])).rejects.toThrow(/at least one class index/);
  await expect(label({ segmentation: seenPixels }, [255])).rejects.toThrow(/class indices 1..254/);
  const two = { ...classifier, weights: hostTensor(new Float32Array(6), [2, 3]) };
  await expect(label({ classifier: two, segmentation: seenPixels })).rejects.toThrow(/the classifier's 2 classes/);
  const small = () => hostTensor(new Float32Array(4), [1, 1, 4]);
  await expect(label({ segmentation: small })).rejects.toThrow(/segmentation\(image\)/);
  await expect(
    label({
      segmentation: (image: TensorLike) =>
        hostTensor(
          seenPixels(image).values.map((p) => 2 * p),
          [40, 64, 4],
        ),
    }),
  ).rejects.toThrow(/sum to 1|in 0\.\.1/);
});
