import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { grad, memory, type Rank, setBackend, sum, type Tensor3D, tensor } from '@tensorflow/tfjs-core';
import { hostTensor, random } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { addBackground } from './add-background';
import { addBackground as kernel } from './kernels/add-background';

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test('the power of what the highest map leaves, in front', async () => {
    const maps = hostTensor(Float32Array.of(0.25, 0.5, 0, 0, 1, 0.75), [1, 3, 2]);
    const scores = addBackground(maps, { alpha: 2 });
    expect(scores.shape).toEqual([1, 3, 3]);
    const expected = [0.25, 0.25, 0.5, 1, 0, 0, 0, 1, 0.75];
    for (const [i, value] of (await scores.data()).entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    expect([...kernel(maps.values, 2, 2)]).toEqual(expected);
  });

  test('above 1 the background is 0, not NaN', async () => {
    const [background] = await addBackground(hostTensor(Float32Array.of(1.5), [1, 1, 1]), { alpha: 2.5 }).data();
    expect(background).toBe(0);
  });

  test('a larger exponent makes it weaker; the maps stay as they are', async () => {
    const stream = random(2);
    const maps = hostTensor(
      Float32Array.from({ length: 2 * 3 * 4 * 5 }, () => stream.next()),
      [2, 3, 4, 5],
    );
    const at = async (alpha: number) => (await addBackground<Rank.R4>(maps, { alpha }).data()) as Float32Array;
    const [weak, strong] = [await at(16), await at(1)];
    const twice = (await addBackground<Rank.R4>(maps).data()) as Float32Array;
    expect(twice).toEqual(weak);
    for (let i = 0; i < weak.length; i++) {
      if (i % 6 === 0) expect(weak[i]).toBeLessThan(strong[i]!);
      else expect(weak[i]).toBe(maps.values[Math.floor(i / 6) * 5 + (i % 6) - 1]);
    }
  });

  test('the gradient goes to the first of equal maps', async () => {
    const maps = tensor([0.5, 0.5, 0.25], [1, 1, 3]) as Tensor3D;
    // Only the background depends on more than itself: ∂(1 − M)² / ∂M = −2 (1 − M), and 1 from the map passed on.
    const slope = grad((given) => sum(addBackground(given as Tensor3D, { alpha: 2 })))(maps);
    expect([...(await slope.data())]).toEqual([0, 1, 1]);
  });

  test('keeps nothing but its result', () => {
    const maps = tensor([0.1, 0.2], [1, 1, 2]) as Tensor3D;
    const before = memory().numTensors;
    const out = addBackground(maps);
    expect(memory().numTensors).toBe(before + 1);
    out.dispose();
    expect(maps.isDisposed).toBe(false);
  });
});

test('wrong arguments are named', () => {
  const maps = hostTensor(new Float32Array(2), [1, 1, 2]);
  expect(() => addBackground(maps, { alpha: 0 })).toThrow(/`alpha` to be positive, got 0/);
  expect(() => addBackground(maps, { alpha: Number.NaN })).toThrow(/`alpha`/);
  expect(() => addBackground(hostTensor(new Float32Array(0), [1, 1, 0]))).toThrow(/no size 0, got \[1, 1, 0\]/);
  expect(() => addBackground(hostTensor(new Float32Array(2), [1, 2]))).toThrow(/`maps`/);
});
