import '@tensorflow/tfjs-backend-cpu';
import '@wsss/backend/gradients';
import { grad, grads, memory, mul, setBackend, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { hostTensor, ShapeError, ValueError } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { backgroundCam } from './background-cam';
import { hierarchicalFeatures } from './hierarchical-features';
import { imageSpecificCam } from './image-specific-cam';
import { prototypes } from './prototypes';
import { difference, noise } from './scene.fixture';
import { structureMap } from './structure-map';
import * as tensors from './tensor/index';

beforeAll(async () => {
  await setBackend('cpu');
});

/** Counts what a T function leaves, reads it, and disposes it. */
async function read(make: () => Tensor): Promise<Float32Array> {
  const before = memory().numTensors;
  const made = make();
  expect(memory().numTensors).toBe(before + 1);
  const values = await made.data();
  made.dispose();
  return values as Float32Array;
}

test('activations with their background, single and batched', async () => {
  const maps = hostTensor(Float32Array.of(4, -1, 2, 0, 1, -3), [1, 3, 2]);
  const cam = await backgroundCam(maps);
  expect(cam.shape).toEqual([1, 3, 3]);
  expect(difference(cam.values, [0, 1, 0, 0.5, 0.5, 0, 0.75, 0.25, 0])).toBeLessThan(1e-5);
  expect(difference(await read(() => tensors.backgroundCam(maps)), cam.values)).toBeLessThan(1e-6);
  const batch = hostTensor(Float32Array.of(...maps.values, 0, 0, 0, 0, -1, 0), [2, 1, 3, 2]);
  const both = await read(() => tensors.backgroundCam(batch));
  // The second image has no positive value: all background.
  expect(difference(both, [...cam.values, 1, 0, 0, 1, 0, 0, 1, 0, 0])).toBeLessThan(1e-6);
  const mask = hostTensor(Float32Array.of(1, 0, 1, 1, 1, 1, 0, 0, 0), [1, 3, 3]);
  expect(difference((await backgroundCam(maps, { mask })).values, [0, 0, 0, 0.5, 0.5, 0, 0, 0, 0])).toBeLessThan(1e-5);
  await expect(backgroundCam(maps, { mask: maps })).rejects.toThrow(ShapeError);
  await expect(backgroundCam(hostTensor(Float32Array.of(Number.NaN), [1, 1, 1]))).rejects.toThrow(ValueError);
  expect(() => tensors.backgroundCam(noise([2, 2], 1))).toThrow(ShapeError);
  expect(() => tensors.backgroundCam(maps, { mask: maps })).toThrow(/background in front/);
});

test('the structure of all pairs, and of one cell', async () => {
  const features = noise([2, 3, 4], 1);
  const all = await structureMap(features);
  expect(all.shape).toEqual([6, 6]);
  for (let i = 0; i < 6; i++) {
    expect(all.values[i * 7]).toBeCloseTo(1, 4);
    for (let j = 0; j < 6; j++) expect(all.values[i * 6 + j]).toBe(all.values[j * 6 + i]);
  }
  const one = await structureMap(features, { cell: [1, 2] });
  expect(one.shape).toEqual([2, 3]);
  expect(one.values).toEqual(all.values.slice(30));
  expect(difference(await read(() => tensors.structureMap(features)), all.values)).toBeLessThan(1e-6);
  await expect(structureMap(features, { cell: [2, 0] })).rejects.toThrow(/within 2 × 3 cells/);
});

test('prototypes are means over all cells; 255 is no seed', async () => {
  const features = hostTensor(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2]);
  const seeds = hostTensor(Uint8Array.of(1, 255, 1, 0), [2, 2]);
  const found = await prototypes(features, seeds, { classes: 3 });
  expect([...found.values]).toEqual([7 / 4, 8 / 4, 6 / 4, 8 / 4, 0, 0]);
  expect([...(await read(() => tensors.prototypes(features, seeds, { classes: 3 })))]).toEqual([...found.values]);
  await expect(prototypes(features, seeds, { classes: 1 })).rejects.toThrow(/to be below 1, or 255/);
  await expect(prototypes(features, seeds, { classes: 0 })).rejects.toThrow(/1..255/);
  await expect(prototypes(features, noise([2, 3], 1), { classes: 3 })).rejects.toThrow(ShapeError);
});

test('IS-CAM is a cosine, 0 for a prototype of zeros, whose gradient is 0', async () => {
  const features = hostTensor(Float32Array.of(3, 4, 0, 0, -1, 0), [1, 3, 2]);
  const own = hostTensor(Float32Array.of(0.3, 0.4, 0, 0, -5, 0), [3, 2]);
  const expected = [1, 0, 0, 0, 0, 0, 0, 0, 1];
  for (const engine of ['wasm', 'plain'] as const) {
    expect(difference((await imageSpecificCam(features, own, { engine })).values, expected)).toBeLessThan(1e-6);
  }
  expect(difference(await read(() => tensors.imageSpecificCam(features, own)), expected)).toBeLessThan(1e-6);
  const inputs = [tensor(features.values, [1, 3, 2]), tensor(own.values, [3, 2])];
  const slopes = grads((f, p) => sum(tensors.imageSpecificCam(f as Tensor as never, p!)))(inputs);
  for (const slope of slopes) expect([...(await slope.data())].every(Number.isFinite)).toBe(true);
  expect([...(await slopes[1]!.data()).slice(2, 4)]).toEqual([0, 0]);
  const halves = hostTensor(Float32Array.of(1, 0, 1, 1), [1, 2, 2]);
  const axis = hostTensor(Float32Array.of(0, 2), [1, 2]);
  const normalised = await imageSpecificCam(halves, axis, { normalize: true });
  expect(difference(normalised.values, [0, 1])).toBeLessThan(2e-5);
  await expect(imageSpecificCam(features, noise([2, 3], 1))).rejects.toThrow(ShapeError);
  await expect(
    imageSpecificCam(noise([1, 1, 3], 1), hostTensor(new Float32Array(3).fill(Number.NaN), [1, 3])),
  ).rejects.toThrow(/NaN/);
});

test('wide features and many prototypes agree in both engines', async () => {
  const [features, own] = [noise([7, 11, 333], 5), noise([41, 333], 6)];
  const [wasm, plain] = await Promise.all(
    (['wasm', 'plain'] as const).map((engine) => imageSpecificCam(features, own, { engine })),
  );
  expect(difference(wasm!.values, plain!.values)).toBeLessThan(1e-6);
});

test('hierarchical features are normalised before they are resized', async () => {
  const sides = [noise([4, 4, 3], 1), noise([2, 2, 2], 2)];
  const found = await hierarchicalFeatures(sides);
  expect(found.shape).toEqual([2, 2, 5]);
  expect(difference(await read(() => tensors.hierarchicalFeatures(sides)), found.values)).toBeLessThan(1e-6);
  const norm = (from: number, to: number) => Math.hypot(...found.values.subarray(from, to));
  expect(norm(3, 5)).toBeCloseTo(1, 4);
  expect(norm(0, 3)).toBeLessThan(1);
  expect((await hierarchicalFeatures(sides, { size: [3, 5] })).shape).toEqual([3, 5, 5]);
  await expect(hierarchicalFeatures([])).rejects.toThrow(/at least one/);
  await expect(hierarchicalFeatures(sides, { size: [0, 1] })).rejects.toThrow(ShapeError);
  expect(() => tensors.hierarchicalFeatures([noise([1, 4, 4, 3], 1), noise([2, 4, 4, 3], 1)])).toThrow(
    /of as many images/,
  );
});

test('the consistency loss has slope 0 where both maps agree', async () => {
  const cam = tensor([0.25, 0.75, 0, 0], [1, 2, 2]);
  const isCam = tensor([0.5, 0.5, 0.25, 0], [1, 2, 2]);
  const value = await read(() => tensors.gscLoss(cam, isCam));
  expect(value[0]).toBeCloseTo((0.75 + 0.25 + 0.5 + 0) / 4, 4);
  const slope = await grad((x) => tensors.gscLoss(x as never, isCam))(cam).data();
  expect([...slope]).toEqual([-0.25, -0.25, -0.25, 0]);
  expect(() => tensors.gscLoss(cam, noise([1, 2, 3], 1))).toThrow(ShapeError);
});

test('the exploration passes gradients to maps and prototype features, none to the structure', async () => {
  const inputs = [noise([2, 3, 4, 2], 1), noise([2, 3, 4, 5], 2), noise([2, 3, 4, 6], 3)].map(({ values, shape }) =>
    tensor(values, [...shape]),
  );
  const loss = (maps: Tensor, structure: Tensor, prototype: Tensor) => {
    const { cam, isCam } = tensors.explorePrototypes({ maps, structure, prototype }, { classes: [[1], [1, 2]] });
    return mul(tensors.gscLoss(cam as never, isCam as never), 10);
  };
  const before = memory().numTensors;
  const slopes = grads((m, p) => loss(m!, inputs[1]!, p!))([inputs[0]!, inputs[2]!]);
  expect(memory().numTensors).toBe(before + 2);
  for (const slope of slopes) expect(Math.max(...(await slope.data()).map(Math.abs))).toBeGreaterThan(0);
  const none = grad((s) => loss(inputs[0]!, s, inputs[2]!));
  expect((await none(inputs[1]!).data()).every((value) => value === 0)).toBe(true);
});
