import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { add, grads, memory, mul, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { times } from './times.fixture';
import { withGradient } from './with-gradient';

describe.each(['cpu', 'wasm'])('withGradient on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  /** a + b, whose gradients are the one that came, unchanged. */
  const plus = (a: Tensor, b: Tensor): Tensor =>
    withGradient(
      [a, b],
      ([x, y]) => add(x!, y!),
      (gradient) => [gradient, gradient],
    );

  test('hands values, and what was saved, to the gradient', async () => {
    const scaled = (x: Tensor): Tensor =>
      withGradient(
        [x],
        ([values], save) => {
          save([values!]);
          return mul(values!, 2);
        },
        (gradient, [saved]) => [mul(gradient, saved!)],
      );
    const x = tensor([3, 4]);
    const [slope] = grads(scaled)([x], tensor([1, 10]));
    expect(await slope!.data()).toEqual(Float32Array.of(3, 40));
  });

  test('the same tensor may be the gradient of several inputs, in graphs that add them up', async () => {
    const [a, b, upstream] = [tensor([2, 3]), tensor([5, 7]), tensor([1, 1])];
    // (a + b) · (a + b) + a
    const f = (x: Tensor, y: Tensor) => plus(times(plus(x, y), plus(x, y)), x);
    const before = memory().numTensors;
    const [da, db] = tidy(() => grads(f)([a, b], upstream));
    expect(await da!.data()).toEqual(Float32Array.of(15, 21));
    expect(await db!.data()).toEqual(Float32Array.of(14, 20));
    expect(Array.from(await upstream.data())).toEqual([1, 1]);
    expect(memory().numTensors).toBe(before + 2);
  });
});
