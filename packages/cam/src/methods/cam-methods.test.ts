import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  conv2d,
  matMul,
  mean,
  memory,
  mul,
  onesLike,
  relu,
  setBackend,
  type Tensor2D,
  type Tensor4D,
  tensor2d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, IMAGENET_PREPROCESS, normalizeImage, random, resizeBilinear } from '@wsss/core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as cam from '../index';
import { classActivationMap } from '../kernels/class-activation-map';
import { firstSingularVector } from './first-singular-vector';
import { fullGradient } from './full-gradient';
import type { CamMethodOptions, ProbedModel } from './probed-model';

const stream = random(21);
const drawn = (size: number, scale = 1) => Float32Array.from({ length: size }, () => scale * stream.normal());
const image = hostTensor(
  Uint8Array.from({ length: 18 * 23 * 3 }, () => stream.integer(0, 255)),
  [18, 23, 3],
);
const filters = [drawn(3 * 3 * 3 * 6, 0.3), drawn(3 * 3 * 6 * 5, 0.3)] as const;
const biases = [drawn(6, 0.3), drawn(5, 0.3)] as const;
const weights = drawn(5 * 4);

/** Two convolutions, the second of stride 3, a mean, four classes. Probes `one`, `two` before and `features` after ReLU. */
const model: ProbedModel = (images, probe) => {
  const one = add(conv2d(images, tensor4d(filters[0], [3, 3, 3, 6]), 1, 1), biases[0]) as Tensor4D;
  const two = conv2d(relu(probe('one', one)), tensor4d(filters[1], [3, 3, 6, 5]), 3, 1);
  const features = probe('features', relu(probe('two', add(two, biases[1]) as Tensor4D)));
  return matMul(mean(features, [1, 2]) as Tensor2D, tensor2d(weights, [5, 4]));
};

const { ablationCam, gradCam, gradCamPlusPlus, hiResCam, layerCam, scoreCam, xGradCam } = cam;
const methods = { ablationCam, gradCam, gradCamPlusPlus, hiResCam, layerCam, scoreCam, xGradCam };
const gradient = ['gradCam', 'gradCamPlusPlus', 'xGradCam', 'layerCam', 'hiResCam'] as const;
const trials = ['scoreCam', 'ablationCam'] as const;
const layered = [...gradient, ...trials] as const;
type Layered = (typeof layered)[number];

let tensors: number;
beforeAll(async () => {
  await setBackend('cpu');
});
beforeEach(() => {
  tensors = memory().numTensors;
});
afterEach(() => expect(memory().numTensors).toBe(tensors));

const far = (a: HostTensor, b: HostTensor) => {
  expect(a.shape).toEqual(b.shape);
  return a.values.reduce((most, value, i) => Math.max(most, Math.abs(value - b.values[i]!)), 0);
};
const run = (name: Layered, change: Partial<CamMethodOptions> = {}, network = model) =>
  methods[name](network, image, { classes: [1, 3], layer: 'features', ...change });

describe.each(layered)('%s', (name) => {
  test('gives maps of the photo’s size in [0, 1], in the order of the classes', async () => {
    const map = await run(name);
    expect(map.shape).toEqual([18, 23, 2]);
    expect(Math.min(...map.values)).toBeGreaterThanOrEqual(0);
    for (const c of [0, 1]) {
      const highest = Math.max(...map.values.filter((_, i) => i % 2 === c));
      expect(highest === 0 || Math.abs(highest - 1) < 1e-6).toBe(true);
    }
    const swapped = await run(name, { classes: [3, 1] });
    expect(swapped.values).toEqual(map.values.map((_, i) => map.values[i % 2 ? i - 1 : i + 1]!));
  });

  test('names what is wrong', async () => {
    const where = new RegExp(`^${name}: `);
    await expect(run(name, { classes: [5] })).rejects.toThrow(/`classes` to hold class indices 1..4, got \[5\]/);
    await expect(run(name, { classes: [] })).rejects.toThrow(where);
    await expect(run(name, { layer: 'conv9' })).rejects.toThrow(/got 'conv9'.\nThe model probes: one, two, features./);
    const twice: ProbedModel = (x, probe) => model(x, (layer, output) => probe(layer, probe(layer, output)));
    await expect(run(name, {}, twice)).rejects.toThrow(/`layer` to be probed once/);
    const flat: ProbedModel = (x, probe) => mean(model(x, probe), [1]) as unknown as Tensor2D;
    await expect(run(name, {}, flat)).rejects.toThrow(/`scores of the model` of shape \[1, C\], got \[1\]/);
    const broken: ProbedModel = (x, probe) => model(x, (layer, output) => mul(probe(layer, output), Number.NaN));
    await expect(run(name, {}, broken)).rejects.toThrow(/to be finite/);
    await expect(
      methods[name](model, hostTensor(new Uint8Array(4), [2, 2, 1]), { classes: [1], layer: 'one' }),
    ).rejects.toThrow(/`image` of shape \[h, w, 3\]/);
  });
});

test.each(['gradCam', 'xGradCam', 'hiResCam'] as const)(
  '%s under a mean and a linear layer is the class activation map',
  async (name) => {
    const features = await watched('features');
    const rows = [0, 2].flatMap((column) => Array.from({ length: 5 }, (_, f) => weights[f * 4 + column]!));
    const maps = classActivationMap(features.values, Float32Array.from(rows), 2).map((value) => Math.max(0, value));
    const wanted = await resizeBilinear(byMaximum(hostTensor(maps, [...features.shape.slice(0, 2), 2])), [18, 23]);
    expect(far(await run(name), byMaximum(wanted))).toBeLessThan(2e-6);
  },
);

test.each(gradient)('%s does not depend on the scale of the scores', async (name) => {
  const faint: ProbedModel = (x, probe) => mul(model(x, probe), 1e-12);
  // Grad-CAM++ is not linear in the gradient: there only that small ones are not lost.
  const map = await run(name, {}, faint);
  if (name === 'gradCamPlusPlus') expect(Math.max(...map.values)).toBeCloseTo(1, 5);
  else expect(far(map, await run(name))).toBeLessThan(2e-5);
});

test.each(trials)('%s gives the same however many channels it tries at once', async (name) => {
  const map = async (batch: number) => methods[name](model, image, { classes: [1, 3], layer: 'features', batch });
  expect(far(await map(2), await map(5))).toBeLessThan(1e-5);
  await expect(map(0)).rejects.toThrow(/`batch`/);
});

test('scoreCam: a constant channel masks everything', async () => {
  const seen: number[] = [];
  const flat: ProbedModel = (x, probe) => {
    seen.push(x.shape[0]);
    return model(x, (layer, output) => (layer === 'features' ? probe(layer, onesLike(output)) : output));
  };
  const map = await run('scoreCam', {}, flat);
  // Equal channels, equal weights: every cell has the same value.
  expect(map.values.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true);
  expect(seen).toEqual([1, 5]);
});

test('a layer that the scores do not depend on is an error of the gradient methods', async () => {
  const aside: ProbedModel = (x, probe) => {
    probe('aside', x);
    return model(x, (_, output) => output);
  };
  for (const name of gradient) {
    await expect(run(name, { layer: 'aside' }, aside)).rejects.toThrow(
      /`model` to have scores that depend on the output of 'aside'/,
    );
  }
});

describe('eigenCam', () => {
  test('is the projection that keeps most of the activations', async () => {
    const map = await cam.eigenCam(model, image, { layer: 'features' });
    expect(map.shape).toEqual([18, 23, 1]);
    expect(Math.max(...map.values)).toBeCloseTo(1, 6);
    await expect(cam.eigenCam(model, image, { layer: 'x' })).rejects.toThrow(/^eigenCam: expected `layer`/);
  });

  test('without an activation there is nothing', async () => {
    const dark: ProbedModel = (x, probe) => model(x, (layer, output) => probe(layer, mul(output, 0)));
    const map = await cam.eigenCam(dark, image, { layer: 'features' });
    expect(map.values.every((value) => value === 0)).toBe(true);
  });

  test.each([
    [7, 4],
    [4, 7],
    [5, 5],
  ])('the singular vector of a %i × %i matrix: no other direction is longer', (rows, columns) => {
    const matrix = drawn(rows * columns);
    const v = firstSingularVector(matrix, rows, columns);
    const image = (w: ArrayLike<number>) =>
      Array.from({ length: rows }, (_, i) =>
        Array.from({ length: columns }, (_, k) => matrix[i * columns + k]! * w[k]!).reduce((a, b) => a + b, 0),
      );
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(dot([...v], [...v])).toBeCloseTo(1, 12);
    const longest = dot(image(v), image(v));
    // It is an eigenvector of AᵀA …
    const along = Array.from({ length: columns }, (_, k) =>
      Array.from({ length: rows }, (_, i) => matrix[i * columns + k]! * image(v)[i]!).reduce((a, b) => a + b, 0),
    );
    for (const [k, value] of along.entries()) expect(value).toBeCloseTo(longest * v[k]!, 8);
    // … and of the largest eigenvalue.
    for (let trial = 0; trial < 200; trial++) {
      const w = drawn(columns);
      expect(dot(image(w), image(w)) / dot([...w], [...w])).toBeLessThanOrEqual(longest * (1 + 1e-9));
    }
  });
});

describe('fullGrad', () => {
  const given = { one: hostTensor(biases[0], [6]), two: hostTensor(biases[1], [5]) };

  test('its parts add up to the score', async () => {
    const x = tensor4d((await normalizeImage(image, IMAGENET_PREPROCESS)).values, [1, 18, 23, 3]);
    const shapes: [number, number, number, number][] = [
      [1, 18, 23, 6],
      [1, 6, 8, 5],
    ];
    const scores = tidy(() => model(x, (_, output) => output));
    const values = await scores.data();
    await import('@wsss/backend/gradients');
    for (const index of [1, 2, 3, 4]) {
      const parts = fullGradient('test', model, x, ['one', 'two'], shapes, [...biases], index);
      expect(parts.map(({ shape }) => shape)).toEqual([x.shape, ...shapes]);
      let total = 0;
      for (const part of parts) total += [...(await part.data())].reduce((sum, value) => sum + value, 0);
      expect(total).toBeCloseTo(values[index - 1]!, 4);
      for (const part of parts) part.dispose();
    }
    for (const tensor of [x, scores]) tensor.dispose();
  });

  test('gives a map per class; without biases, of the image alone', async () => {
    const map = await cam.fullGrad(model, image, { classes: [2, 4], biases: given });
    expect(map.shape).toEqual([18, 23, 2]);
    expect(Math.max(...map.values)).toBeCloseTo(1, 6);
    const alone = await cam.fullGrad(model, image, { classes: [2, 4], biases: {} });
    expect(far(map, alone)).toBeGreaterThan(0.01);
  });

  test('names what is wrong', async () => {
    const short = { one: hostTensor(new Float32Array(3), [3]) };
    await expect(cam.fullGrad(model, image, { classes: [1], biases: short })).rejects.toThrow(
      /fullGrad: expected `biases.one` of shape \[6\], got \[3\]/,
    );
    const other = { nine: given.one };
    await expect(cam.fullGrad(model, image, { classes: [1], biases: other })).rejects.toThrow(/got 'nine'.\nThe model/);
    const aside: ProbedModel = (x, probe) => {
      probe('aside', x);
      return model(x, (layer, output) => (layer === 'two' ? output : probe(layer, output)));
    };
    const three = { aside: hostTensor(new Float32Array(3), [3]) };
    await expect(cam.fullGrad(aside, image, { classes: [1], biases: three })).rejects.toThrow(
      /scores that depend on the output of 'aside'/,
    );
    await expect(cam.fullGrad(model, image, { classes: [9], biases: given })).rejects.toThrow(/class indices 1..4/);
  });
});

/** What a layer gives for the image, `[h', w', F]`. */
async function watched(layer: string): Promise<HostTensor> {
  const x = tensor4d((await normalizeImage(image, IMAGENET_PREPROCESS)).values, [1, 18, 23, 3]);
  const output = tidy(() => {
    let found = x;
    model(x, (name, output) => {
      if (name === layer) found = output;
      return output;
    });
    return found;
  });
  const values = (await output.data()) as Float32Array;
  output.dispose();
  x.dispose();
  return hostTensor(values, output.shape.slice(1));
}

function byMaximum({ values, shape }: HostTensor): HostTensor {
  const C = shape[2]!;
  const highest = Array.from({ length: C }, (_, c) => Math.max(...values.filter((_, i) => i % C === c)));
  return hostTensor(
    values.map((value, i) => value / highest[i % C]!),
    shape,
  );
}
