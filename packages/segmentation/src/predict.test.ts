import { avgPool, memory, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import {
  argmaxLabels,
  flipHorizontal,
  type HostTensor,
  hostTensor,
  normalizeImage,
  ShapeError,
  ValueError,
} from '@wsss/core';
import { resizeBicubic } from '@wsss/core/kernels';
import { type Backbone, resizeBilinear } from '@wsss/core/tensor';
import { beforeAll, expect, test } from 'vitest';
import { deeplabLargeFov } from './deeplab-large-fov';
import { predict } from './predict';
import { scene } from './scenes.fixture';
import type { SegmentationNetwork } from './segmentation-network';

beforeAll(async () => void (await useBackend('wasm')));

/** Sees nothing but colours, one cell for so many pixels: red is class 1, blue class 2, anything else background. */
function colourNetwork(cell = 1): SegmentationNetwork {
  const backbone: Backbone = {
    taps: { colours: { stride: cell, channels: 3 } },
    classifierTap: 'colours',
    parameters: new Map(),
    preprocess: { order: 'rgb', scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [1, 1, 1] },
    forward: (images) => ({ colours: avgPool(images, cell, cell, 'same') }),
    dispose: () => {},
  };
  const network = deeplabLargeFov(backbone, { classes: 3 });
  const weights = Float32Array.of(0, 20, -20, 0, 0, 0, 0, -20, 20);
  tidy(() => network.parameters.get('fc8.weight')!.assign(tensor4d(weights, [1, 1, 3, 3])));
  tidy(() => network.parameters.get('fc8.bias')!.assign(tensor1d([5, 0, 0])));
  return network;
}

const farthest = (a: HostTensor, b: HostTensor) =>
  a.values.reduce((most, value, i) => Math.max(most, Math.abs(value - b.values[i]!)), 0);
/** What the network says of a photo at one scale, at the photo's size. */
async function scoresOf(network: SegmentationNetwork, image: HostTensor<Uint8Array>, scale: number) {
  const [h, w] = image.shape as [number, number, 3];
  const size: [number, number] = [Math.round(h * scale), Math.round(w * scale)];
  const pixels = hostTensor(resizeBicubic(image.values, [h, w, 3], size), [...size, 3]);
  const { values } = await normalizeImage(pixels, network.preprocess);
  const scores = tidy(() => resizeBilinear(network.forward(tensor4d(values, [1, ...size, 3])), [h, w]));
  return (await scores.data()) as Float32Array;
}

/** Of three classes. */
function softmax(scores: Float32Array): Float32Array {
  return scores.map((value, i) => {
    const pixel = scores.subarray(i - (i % 3), i - (i % 3) + 3);
    return 1 / pixel.reduce((sum, other) => sum + Math.exp(other - value), 0);
  });
}

const sumsOf = ({ values, shape }: HostTensor) => {
  const K = shape[2]!;
  return Array.from({ length: values.length / K }, (_, i) =>
    values.subarray(i * K, (i + 1) * K).reduce((a, b) => a + b, 0),
  );
};

test('finds what is in a scene, whatever tensor the photo comes in, and leaves nothing behind', async () => {
  const network = colourNetwork();
  const { image, labels } = scene(5);
  const before = memory().numTensors;
  const found = await predict(network, image, { output: 'labels' });
  const wrong = found.values.filter((label, i) => labels.values[i] !== 255 && label !== labels.values[i]);
  expect([found.shape, wrong.length]).toEqual([[48, 48], 0]);
  const floats = hostTensor(Float32Array.from(image.values), image.shape);
  const probabilities = await predict(network, floats);
  expect((await argmaxLabels(probabilities)).values).toEqual(found.values);
  expect(memory().numTensors).toBe(before);
});

test.for([
  [1, 1],
  [7, 1],
  [3, 50],
  [41, 37],
] as const)('a photo of %i × %i, at several scales', async ([h, w]) => {
  const image = hostTensor(
    Uint8Array.from({ length: h * w * 3 }, (_, i) => (i * 89) % 256),
    [h, w, 3],
  );
  const options = { scales: [1, 1.5, 2.25], window: 24 };
  const probabilities = await predict(colourNetwork(4), image, options);
  expect(probabilities.shape).toEqual([h, w, 3]);
  for (const total of sumsOf(probabilities)) expect(total).toBeCloseTo(1, 5);
});

test('a mirror image has the mirrored result', async () => {
  const { image } = scene(8);
  const mirror = await flipHorizontal(image);
  for (const flip of [true, false]) {
    const options = { flip, scales: [1, 0.7] };
    const plain = await predict(colourNetwork(4), image, options);
    const mirrored = await predict(colourNetwork(4), mirror, options);
    expect(farthest(await flipHorizontal(plain), mirrored)).toBeLessThan(1e-5);
  }
});

test('windows, and a canvas, see what the whole shows, where a cell looks no further than itself', async () => {
  const network = colourNetwork();
  const { image } = scene(3);
  const whole = await predict(network, image);
  for (const options of [{ window: 17 }, { window: 40, overlap: 0 }, { window: 20, overlap: 0.9 }, { canvas: 65 }]) {
    expect(farthest(await predict(network, image, options), whole)).toBeLessThan(1e-5);
  }
  const scales = [0.5, 1.5];
  const scaled = await predict(network, image, { scales });
  // Windows are joined at the scaled size and resized from there.
  expect(farthest(await predict(network, image, { scales, window: 20 }), scaled)).toBeLessThan(1e-5);
});

test('the network never sees more than a window', async () => {
  const network = colourNetwork();
  const seen: number[] = [];
  const { backbone } = network;
  const forward = backbone.forward.bind(backbone);
  backbone.forward = (images, options) => {
    seen.push(Math.max(images.shape[1], images.shape[2]));
    return forward(images, options);
  };
  await predict(network, scene(3).image, { window: 20, flip: false });
  expect(seen.length).toBeGreaterThan(8);
  expect(Math.max(...seen)).toBe(20);
});

test('scales are averaged', async () => {
  const [network, { image }] = [colourNetwork(4), scene(2)];
  const [one, half, both] = await Promise.all(
    [[1], [0.5], [1, 0.5]].map((scales) => predict(network, image, { scales, flip: false })),
  );
  const mean = hostTensor(
    one!.values.map((value, i) => (value + half!.values[i]!) / 2),
    one!.shape,
  );
  expect(farthest(both!, mean)).toBeLessThan(1e-6);
});

test('or the largest scores of all scales are taken, of each view its own', async () => {
  const [network, { image }] = [colourNetwork(4), scene(2)];
  const scales = [1, 0.5];
  const scores = await Promise.all(scales.map((scale) => scoresOf(network, image, scale)));
  const expected = softmax(scores[0]!.map((value, i) => Math.max(value, scores[1]![i]!)));
  const found = await predict(network, image, { scales, fuse: 'max', flip: false });
  expect(farthest(found, hostTensor(expected, found.shape))).toBeLessThan(1e-5);
  // Not the mean by another name.
  expect(farthest(found, await predict(network, image, { scales, flip: false }))).toBeGreaterThan(0.01);
  const mirror = await predict(network, await flipHorizontal(image), { scales, fuse: 'max', flip: false });
  const back = await flipHorizontal(mirror);
  const both = await predict(network, image, { scales, fuse: 'max' });
  const mean = hostTensor(
    found.values.map((value, i) => (value + back.values[i]!) / 2),
    found.shape,
  );
  expect(farthest(both, mean)).toBeLessThan(1e-5);
});

test('gate, then CRF', async () => {
  const [network, { image }] = [colourNetwork(), scene(5)];
  const plain = await predict(network, image);
  expect((await argmaxLabels(plain)).values).toContain(2);
  const gated = await predict(network, image, { gate: [1, 0] });
  expect(gated.values.filter((value, i) => i % 3 === 2 && value > 0)).toHaveLength(0);
  let given: HostTensor | undefined;
  const refined = await predict(network, image, {
    gate: [1, 0],
    crf: async (photo, probabilities) => {
      expect(photo.values).toEqual(image.values);
      given = probabilities;
      return hostTensor(probabilities.values.map(Math.sqrt), probabilities.shape);
    },
  });
  expect(given!.values).toEqual(gated.values);
  expect(refined.values).toEqual(gated.values.map(Math.sqrt));
  const small = () => hostTensor(new Float32Array(3), [1, 1, 3]);
  await expect(predict(network, image, { crf: small })).rejects.toThrow(ShapeError);
});

test('refuses what it cannot see', async () => {
  const [network, { image }] = [colourNetwork(), scene(5)];
  await expect(predict(network, hostTensor(new Uint8Array(12), [2, 2, 3, 1]))).rejects.toThrow(ShapeError);
  await expect(predict(network, hostTensor(Float32Array.of(0.5, 1, 2), [1, 1, 3]))).rejects.toThrow('whole numbers');
  for (const options of [
    { scales: [] },
    { scales: [0] },
    { window: 0 },
    { canvas: 1.5 },
    { canvas: 9, window: 9 },
    { overlap: 1 },
    { output: 'mask' as 'labels' },
    { fuse: 'median' as 'max' },
    { crf: 1 as never },
  ]) {
    await expect(predict(network, image, options)).rejects.toThrow(ValueError);
  }
  tidy(() => network.parameters.get('fc8.bias')!.assign(tensor1d([Number.NaN, 0, 0])));
  await expect(predict(network, image)).rejects.toThrow('finite');
});
