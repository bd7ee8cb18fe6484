import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { grads, memory, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostTensor } from '../tensor-like';
import { stopGradient } from './stop-gradient';
import { times } from './times.fixture';

describe.each(['cpu', 'wasm'])('stopGradient on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test('gives the same values, of any dtype', async () => {
    for (const values of [Float32Array.of(1, 2), Int32Array.of(3, 4)]) {
      const before = memory().numTensors;
      const same = stopGradient(hostTensor(values, [2]));
      expect(memory().numTensors).toBe(before + 1);
      expect(await same.data()).toEqual(values);
      same.dispose();
    }
  });

  test('stops one factor of a product, and not the other', async () => {
    const [a, b] = [tensor([2, 3]), tensor([5, 7])];
    const free = grads(times)([a, b]);
    const stopped = grads((x: Tensor, y: Tensor) => times(stopGradient(x), y))([a, b]);
    expect(await free[0]!.data()).toEqual(Float32Array.of(5, 7));
    expect(await stopped[0]!.data()).toEqual(Float32Array.of(0, 0));
    expect(await stopped[1]!.data()).toEqual(Float32Array.of(2, 3));
  });

  test('leaves no tensor behind', () => {
    const x = tensor([1, 2]);
    const before = memory().numTensors;
    tidy(() => void grads((y: Tensor) => times(stopGradient(y), y))([x]));
    expect(memory().numTensors).toBe(before);
  });
});
