import '@tensorflow/tfjs-backend-cpu';
import {
  customGrad,
  mul,
  type Scalar,
  setBackend,
  sub,
  sum,
  type Tensor,
  tensor1d,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { sgd } from '../optimizers/sgd';
import { fit } from './fit';
import type { Progress } from './progress';

// mean over the rows x of ½‖w − x‖², whose gradient is w − mean(x); its own gradient, so that nothing else is tested.
const half = customGrad((...inputs) => {
  const [w, x, save] = inputs as unknown as [Tensor, Tensor, (tensors: Tensor[]) => void];
  const difference = sub(w, x);
  save([difference]);
  const n = x.shape[0]!;
  return {
    value: mul(sum(mul(difference, difference)), 0.5 / n),
    gradFunc: (dy: Tensor, [difference]: Tensor[]) => {
      const each = mul(difference!, mul(dy, 1 / n));
      return [sum(each, 0), mul(each, -1)];
    },
  };
});
const loss = (w: Variable) => (x: HostTensor) => half(w, asTensor(x)) as Scalar;

const rows = [1, 2, 3, 4, 5, 6].map((v) => hostTensor(Float32Array.of(v, -v), [1, 2]));
const start = () => variable(tensor1d([0.5, 0.25]));

beforeAll(async () => {
  await setBackend('cpu');
});

describe('fit', () => {
  test('steps through the data, and tells losses, epochs and progress', async () => {
    const w = start();
    const seen: Progress[] = [];
    const history = await fit({
      loss: loss(w),
      optimizer: sgd({ parameters: [w], learningRate: 0.1 }),
      data: rows,
      epochs: 2,
      onProgress: (progress) => seen.push(progress),
    });
    let [a, b] = [0.5, 0.25];
    const losses: number[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      for (const { values } of rows) {
        losses.push(((a - values[0]!) ** 2 + (b - values[1]!) ** 2) / 2);
        a -= 0.1 * (a - values[0]!);
        b -= 0.1 * (b - values[1]!);
      }
    }
    const got = await w.data();
    expect(got[0]).toBeCloseTo(a, 5);
    expect(got[1]).toBeCloseTo(b, 5);
    expect(history.steps).toBe(12);
    for (const [i, value] of history.losses.entries()) expect(value).toBeCloseTo(losses[i]!, 4);
    expect(history.epochs.map(({ epoch, steps, images }) => [epoch, steps, images])).toEqual([
      [0, 6, 6],
      [1, 6, 6],
    ]);
    expect(history.epochs[1]!.loss).toBeCloseTo(losses.slice(6).reduce((s, v) => s + v) / 6, 4);
    expect(seen.map(({ step, steps, epoch }) => `${step}/${steps} ${epoch}`)).toEqual(
      losses.map((_, i) => `${i + 1}/12 ${Math.floor(i / 6)}`),
    );
    expect(seen.at(-1)!.secondsLeft).toBe(0);
    expect(seen[0]!.imagesPerSecond).toBeGreaterThan(0);
    w.dispose();
  });
});
