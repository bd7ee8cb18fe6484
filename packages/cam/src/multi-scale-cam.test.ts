import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { type Classifier, flipHorizontal, type HostTensor, hostTensor, random, type TensorLike } from '@wsss/core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { multiScaleCam } from './multi-scale-cam';

beforeAll(() => setBackend('cpu'));
let tensors: number;
beforeEach(() => {
  tensors = memory().numTensors;
});
afterEach(() => expect(memory().numTensors).toBe(tensors));

const stream = random(11);
const noise = (size: number) => Float32Array.from({ length: size }, () => stream.normal());
const weights = hostTensor(noise(3 * 4), [3, 4]);
const image = hostTensor(
  Uint8Array.from({ length: 21 * 30 * 3 }, () => stream.integer(0, 255)),
  [21, 30, 3],
);

/** Features of cells of 8 pixels, the last ones partly outside: mean colours and how bright the left half is. */
function poolColours({ shape, values }: HostTensor<Uint8Array>): HostTensor {
  const [h, w] = shape as [number, number, number];
  const [rows, columns] = [Math.ceil(h / 8), Math.ceil(w / 8)];
  const out = new Float32Array(rows * columns * 4);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const cell = (Math.floor(y / 8) * columns + Math.floor(x / 8)) * 4;
      for (let c = 0; c < 3; c++) out[cell + c]! += values[(y * w + x) * 3 + c]! / 64 / 255;
      if (x % 8 < 4) out[cell + 3]! += values[(y * w + x) * 3]! / 64 / 255;
    }
  }
  return hostTensor(out, [rows, columns, 4]);
}

const pooling = (change: Partial<Classifier> = {}): Classifier => ({
  features: (given) => ({ cells: poolColours(given as HostTensor<Uint8Array>) }),
  tap: 'cells',
  weights,
  ...change,
});
const far = (a: HostTensor, b: HostTensor) => Math.max(...a.values.map((value, i) => Math.abs(value - b.values[i]!)));

test('maps of the photo’s size in [0, 1), every class reaching almost 1', async () => {
  const cam = await multiScaleCam(pooling(), image, { classes: [1, 2, 3] });
  expect(cam.shape).toEqual([21, 30, 3]);
  expect(Math.min(...cam.values)).toBeGreaterThanOrEqual(0);
  for (const c of [0, 1, 2]) {
    const highest = Math.max(...cam.values.filter((_, i) => i % 3 === c));
    expect(highest === 0 || (highest > 0.999 && highest < 1)).toBe(true);
  }
});

test('the classifier sees every scale, rounded half to even, plain and mirrored in turn', async () => {
  const seen: HostTensor<Uint8Array>[] = [];
  const watching = pooling({
    features: (given) => {
      seen.push(given as HostTensor<Uint8Array>);
      return { cells: poolColours(given as HostTensor<Uint8Array>) };
    },
  });
  await multiScaleCam(watching, image, { classes: [1] });
  const sizes = [
    [21, 30],
    [10, 15],
    [32, 45],
    [42, 60],
  ].flatMap((size) => [size, size]);
  expect(seen.map(({ shape }) => shape)).toEqual(sizes.map((size) => [...size, 3]));
  expect(seen[0]!.values).toEqual(image.values);
  for (let i = 0; i < 8; i += 2) expect((await flipHorizontal(seen[i]!)).values).toEqual(seen[i + 1]!.values);

  seen.length = 0;
  await multiScaleCam(watching, image, { classes: [1], flip: false, scales: [0.5] });
  expect(seen.map(({ shape }) => shape)).toEqual([[10, 15, 3]]);
});

test.each(['psa', 'sipe'] as const)('%s: the mirror image has the mirrored map', async (fusion) => {
  const there = await multiScaleCam(pooling(), image, { classes: [1, 2, 3], fusion });
  const back = await multiScaleCam(pooling(), await flipHorizontal(image), { classes: [1, 2, 3], fusion });
  expect(far(await flipHorizontal(back), there)).toBeLessThan(1e-6);
  const once = { classes: [1, 2, 3], fusion, flip: false };
  const plain = await multiScaleCam(pooling(), image, once);
  const other = await multiScaleCam(pooling(), await flipHorizontal(image), once);
  expect(far(await flipHorizontal(other), plain)).toBeGreaterThan(0.01);
});

test.each(['psa', 'irn', 'sipe'] as const)(
  '%s: maps come in the order of the classes, each by itself',
  async (fusion) => {
    const options = { fusion, scales: [1, 0.5] };
    const all = await multiScaleCam(pooling(), image, { ...options, classes: [1, 2, 3] });
    const some = await multiScaleCam(pooling(), image, { ...options, classes: [3, 1] });
    for (let i = 0; i < 21 * 30; i++) {
      expect(some.values[i * 2]).toBe(all.values[i * 3 + 2]);
      expect(some.values[i * 2 + 1]).toBe(all.values[i * 3]);
    }
  },
);

describe('what is done to the maps of an image and its mirror image', () => {
  // One cell of one feature: 4 for the image, −1 for its mirror image, at every scale.
  const fixed = (activation?: Classifier['activation']) => {
    let calls = 0;
    return pooling({
      features: () => ({ cells: hostTensor(Float32Array.of(calls++ % 2 ? -1 : 4, 1), [1, 2, 1]) }),
      weights: hostTensor(Float32Array.of(1), [1, 1]),
      ...(activation && { activation }),
    });
  };
  const tiny = hostTensor(new Uint8Array(6), [1, 2, 3]);
  const map = async (classifier: Classifier, fusion: 'psa' | 'sipe') =>
    (await multiScaleCam(classifier, tiny, { classes: [1], scales: [1], fusion })).values;

  test('the positive parts are added', async () => {
    // (4, 1) + mirrored (0, 1) = (5, 1)
    const values = await map(fixed(), 'psa');
    expect(values[1]! / values[0]!).toBeCloseTo(1 / 5, 6);
  });

  test('or their roots', async () => {
    // (2, 1) + mirrored (0, 1) = (3, 1)
    const values = await map(fixed('sqrtRelu'), 'psa');
    expect(values[1]! / values[0]!).toBeCloseTo(1 / 3, 6);
  });

  test('in SIPE, first the sum, then its positive part', async () => {
    // (4, 1) + mirrored (−1, 1) = (5, 0)
    expect([...(await map(fixed(), 'sipe'))].map((value) => Math.round(value * 1000))).toEqual([1000, 0]);
  });
});

describe('tensors of the feature function', () => {
  const cells = (given: TensorLike) => {
    const { values, shape } = poolColours(given as HostTensor<Uint8Array>);
    return tensor(values, shape as [number, number, number]);
  };

  test('give the same maps, and are disposed', async () => {
    const returned: Tensor[] = [];
    const lending = pooling({
      features: async (given) => {
        const taps = { cells: cells(given), other: tensor([1]) };
        returned.push(...Object.values(taps));
        return taps;
      },
    });
    const kept = tensor(weights.values, [3, 4]);
    const cam = await multiScaleCam({ ...lending, weights: kept }, image, { classes: [1, 2] });
    expect(far(cam, await multiScaleCam(pooling(), image, { classes: [1, 2] }))).toBeLessThan(1e-6);
    expect(returned).toHaveLength(16);
    expect(returned.every(({ isDisposed }) => isDisposed)).toBe(true);
    expect(kept.isDisposed).toBe(false);
    kept.dispose();
  });

  test('also when something is wrong', async () => {
    const lending = pooling({ features: (given) => ({ elsewhere: cells(given) }) });
    await expect(multiScaleCam(lending, image, { classes: [1] })).rejects.toThrow(
      /`classifier.features` to return 'cells', the classifier's tap, got 'elsewhere'/,
    );
    const narrow = pooling({ features: (given) => ({ cells: cells(given) }), weights: hostTensor(noise(6), [2, 3]) });
    await expect(multiScaleCam(narrow, image, { classes: [1] })).rejects.toThrow(
      /`features.cells` of shape \[h, w, 3\], got \[3, 4, 4\].\nThe weights of the classifier are for other features/,
    );
  });

  test('an image may be a tensor too, and stays', async () => {
    const pixels = tensor([...image.values], [21, 30, 3], 'int32');
    const cam = await multiScaleCam(pooling(), pixels, { classes: [1], scales: [1] });
    expect(cam.values).toEqual((await multiScaleCam(pooling(), image, { classes: [1], scales: [1] })).values);
    pixels.dispose();
  });
});

test('wrong arguments are named', async () => {
  const cam = (
    change: Partial<Parameters<typeof multiScaleCam>[2]>,
    classifier = pooling(),
    photo: TensorLike = image,
  ) => multiScaleCam(classifier, photo, { classes: [1], scales: [1], ...change });
  await expect(cam({ classes: [] })).rejects.toThrow(
    /multiScaleCam: expected `classes` to hold at least one class index/,
  );
  await expect(cam({ classes: [0] })).rejects.toThrow(/`classes` to hold class indices 1..3, got \[0\]/);
  await expect(cam({ classes: [4] })).rejects.toThrow(/`classes` to hold class indices 1..3, got \[4\]/);
  await expect(cam({ classes: [2, 2] })).rejects.toThrow(/each class once/);
  await expect(cam({ scales: [] })).rejects.toThrow(/`scales`/);
  await expect(cam({ scales: [1, -1] })).rejects.toThrow(/`scales`/);
  await expect(cam({ scales: [0.01] })).rejects.toThrow(/at least one of 21 pixels/);
  await expect(cam({ fusion: 'mean' as 'psa' })).rejects.toThrow(/`fusion`/);
  await expect(cam({}, pooling({ activation: 'elu' as 'relu' }))).rejects.toThrow(/`classifier.activation`/);
  await expect(cam({}, pooling(), hostTensor(new Uint8Array(4), [2, 2, 1]))).rejects.toThrow(
    /\[h, w, 3\], got \[2, 2, 1\]/,
  );
  await expect(cam({}, pooling(), hostTensor(new Uint8Array(0), [0, 2, 3]))).rejects.toThrow(/pixels/);
  await expect(cam({}, pooling(), hostTensor(new Float32Array(3).fill(0.5), [1, 1, 3]))).rejects.toThrow(
    /whole numbers/,
  );
  const broken = hostTensor(Float32Array.of(1, Number.NaN, 1, 1), [1, 4]);
  await expect(cam({}, pooling({ weights: broken }))).rejects.toThrow(/`classifier.weights` to be finite at \[0, 1\]/);
  const infinite = pooling({
    features: () => ({ cells: hostTensor(new Float32Array(4).fill(Number.NaN), [1, 1, 4]) }),
  });
  await expect(cam({}, infinite)).rejects.toThrow(/`maps of features.cells` to be finite/);
  let calls = 0;
  const growing = pooling({
    features: () => ({ cells: hostTensor(new Float32Array(++calls * 4), [1, calls, 4]) }),
  });
  await expect(cam({}, growing)).rejects.toThrow(
    /`features of the mirror image` of shape \[1, 1, 1\], got \[1, 2, 1\]/,
  );
});
