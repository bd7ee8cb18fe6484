import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { grad, memory, type Rank, setBackend, sum, type Tensor3D, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import { hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { classActivationMap } from './class-activation-map';
import { activate } from './kernels/activate';
import { classActivationMap as kernel } from './kernels/class-activation-map';

const drawn = (seed: number, shape: number[]) => {
  const stream = random(seed);
  const size = shape.reduce((product, n) => product * n, 1);
  return hostTensor(
    Float32Array.from({ length: size }, () => stream.normal()),
    shape,
  );
};
const features = drawn(1, [2, 3, 4, 5]);
const weights = drawn(2, [3, 5]);

/** Σ_f F(i, f) w(c, f), cell by cell. */
const expected = Array.from({ length: 2 * 3 * 4 }, (_, i) =>
  Array.from({ length: 3 }, (_, c) =>
    Array.from({ length: 5 }, (_, f) => features.values[i * 5 + f]! * weights.values[c * 5 + f]!).reduce(
      (a, b) => a + b,
      0,
    ),
  ),
).flat();

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test('the sum over the features, single and batched, of tensors and host values', async () => {
    const batch = classActivationMap<Rank.R4>(features, weights);
    expect(batch.shape).toEqual([2, 3, 4, 3]);
    const values = await batch.data();
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5);

    const single = tensor(features.values.slice(0, 60), [3, 4, 5]) as Tensor3D;
    const kept = tensor(weights.values, [3, 5]);
    const map = classActivationMap(single, kept);
    expect(map.shape).toEqual([3, 4, 3]);
    expect([...(await map.data())]).toEqual([...values.slice(0, 36)]);
  });

  test.each(['none', 'relu', 'sqrtRelu'] as const)('%s is applied to the maps', async (activation) => {
    const values = await classActivationMap<Rank.R4>(features, weights, { activation }).data();
    const positive = expected.map((value) => (activation === 'none' ? value : Math.max(0, value)));
    const wanted = positive.map((value) => (activation === 'sqrtRelu' ? Math.sqrt(value) : value));
    for (const [i, value] of wanted.entries()) expect(values[i]).toBeCloseTo(value, 5);
    const host = kernel(features.values, weights.values, 3);
    activate(host, activation);
    for (const [i, value] of wanted.entries()) expect(host[i]).toBeCloseTo(value, 5);
  });

  test('keeps nothing but its result', () => {
    const x = tensor(features.values, [2, 3, 4, 5]) as Tensor4D;
    const before = memory().numTensors;
    const outs = [
      classActivationMap(x, weights),
      classActivationMap<Rank.R4>(features, weights, { activation: 'sqrtRelu' }),
    ];
    expect(memory().numTensors).toBe(before + 2);
    expect(x.isDisposed).toBe(false);
    for (const out of outs) out.dispose();
  });

  test('integers are taken as numbers', async () => {
    const map = classActivationMap(
      hostTensor(Uint8Array.of(1, 2, 3, 4), [1, 2, 2]),
      hostTensor(Int32Array.of(10, 1), [1, 2]),
    );
    expect([...(await map.data())]).toEqual([12, 34]);
  });

  test('the gradient goes where the map is positive, and is finite where it is not', async () => {
    // w · F = 4, 0 and −4; the root's slope there is 1/4.
    const x = tensor([4, 0, -4], [1, 3, 1]) as Tensor3D;
    const slope = (activation: 'none' | 'relu' | 'sqrtRelu') =>
      grad((given) =>
        sum(classActivationMap(given as Tensor3D, hostTensor(Float32Array.of(1), [1, 1]), { activation })),
      )(x);
    expect([...(await slope('none').data())]).toEqual([1, 1, 1]);
    expect([...(await slope('relu').data())]).toEqual([1, 0, 0]);
    expect([...(await slope('sqrtRelu').data())]).toEqual([0.25, 0, 0]);
  });
});

test('wrong arguments are named', () => {
  expect(() => classActivationMap(features, drawn(1, [3, 4]))).toThrow(ShapeError);
  expect(() => classActivationMap(features, drawn(1, [3, 4]))).toThrow(
    /`features` of shape \[2, 3, 4, 4\], got \[2, 3, 4, 5\]/,
  );
  expect(() => classActivationMap(drawn(1, [4, 5]), weights)).toThrow(/`features` of shape \[h, w, F\] or/);
  expect(() => classActivationMap(features, drawn(1, [1, 1, 5, 3]))).toThrow(/`weights` of shape \[C, F\]/);
  expect(() => classActivationMap(features, weights, { activation: 'elu' as 'relu' })).toThrow(ValueError);
});
