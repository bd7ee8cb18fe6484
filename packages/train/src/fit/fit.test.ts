import '@tensorflow/tfjs-backend-cpu';
import '@wsss/backend/gradients';
import {
  abs,
  add,
  log,
  mean,
  memory,
  mul,
  type Scalar,
  setBackend,
  sqrt,
  square,
  sub,
  sum,
  tensor1d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, ShapeError, ValueError } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { adamW } from '../optimizers/adam-w';
import { ema } from '../optimizers/ema';
import { sgd } from '../optimizers/sgd';
import { fit } from './fit';
import { NonFiniteLossError } from './non-finite-loss-error';
import type { FitOptions } from './options';
import type { Progress } from './progress';

type Rows = HostTensor;
const batch = (...values: number[]) =>
  hostTensor(Float32Array.from(values.flatMap((v) => [v, -v])), [values.length, 2]);
const singles = [1, 2, 3, 4, 5, 6].map((v) => batch(v));
const start = () => tidy(() => variable(tensor1d([0.5, 0.25])));
/** Mean over the rows x of ½‖w − x‖²; its gradient is w − mean(x). */
const distance = (w: Variable) => (rows: Rows) => mul(mean(sum(square(sub(w, asTensor(rows))), 1)), 0.5) as Scalar;
const values = async (w: Variable) => [...(await w.data())];

beforeAll(async () => {
  await setBackend('cpu');
});

/** Runs with a fresh parameter and says what became of it. */
async function run(options: Partial<FitOptions<Rows>> & { w?: Variable } = {}) {
  const w = options.w ?? start();
  const optimizer = options.optimizer ?? sgd({ parameters: [w], learningRate: 0.1 });
  const schedule = options.steps ? {} : { epochs: 2 };
  const history = await fit({ loss: distance(w), data: singles, ...schedule, ...options, optimizer });
  optimizer.dispose();
  const end = await values(w);
  w.dispose();
  return { history, end };
}

describe('fit', () => {
  test('steps through the data, and tells losses, epochs and progress', async () => {
    const seen: Progress[] = [];
    const { history, end } = await run({ onProgress: (progress) => seen.push(progress) });
    let [a, b] = [0.5, 0.25];
    const losses: number[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      for (let v = 1; v <= 6; v++) {
        losses.push(((a - v) ** 2 + (b + v) ** 2) / 2);
        a -= 0.1 * (a - v);
        b -= 0.1 * (b + v);
      }
    }
    expect(end[0]).toBeCloseTo(a, 5);
    expect(end[1]).toBeCloseTo(b, 5);
    expect(history.steps).toBe(12);
    for (const [i, value] of history.losses.entries()) expect(value).toBeCloseTo(losses[i]!, 4);
    expect(history.epochs.map(({ epoch, steps, images }) => [epoch, steps, images])).toEqual([
      [0, 6, 6],
      [1, 6, 6],
    ]);
    expect(history.epochs[1]!.loss).toBeCloseTo(losses.slice(6).reduce((s, v) => s + v) / 6, 4);
    expect(seen.map(({ step, steps, epoch, epochs }) => `${step}/${steps} ${epoch}/${epochs}`)).toEqual(
      losses.map((_, i) => `${i + 1}/12 ${Math.floor(i / 6)}/2`),
    );
    expect(seen[7]!.loss).toBeCloseTo((losses[6]! + losses[7]!) / 2, 4);
    expect(seen.at(-1)).toMatchObject({ secondsLeft: 0, learningRate: 0.1 });
    expect(seen[0]!.imagesPerSecond).toBeGreaterThan(0);
    expect(seen[0]!.secondsLeft).toBeGreaterThan(0);
  });

  test('takes a number of steps over as many epochs as it needs', async () => {
    const { history } = await run({ steps: 8 });
    expect(history.steps).toBe(8);
    expect(history.epochs.map(({ steps }) => steps)).toEqual([6, 2]);
  });

  test('reads async data made anew for each epoch, from a stream of the seed', async () => {
    const drawn = async (seed: number) => {
      const order: number[] = [];
      await run({
        seed,
        data: async ({ epoch, random }) =>
          (async function* () {
            for (const rows of random.shuffle([...singles])) {
              order.push(10 * epoch + rows.values[0]!);
              yield rows;
            }
          })(),
      });
      return order;
    };
    const order = await drawn(1);
    expect([...order].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]);
    expect(order.slice(6).map((v) => v - 10)).not.toEqual(order.slice(0, 6));
    expect(await drawn(1)).toEqual(order);
    expect(await drawn(2)).not.toEqual(order);
  });

  test('sums named terms, and tells the mean of each', async () => {
    const [w, other] = [start(), start()];
    const seen: Progress[] = [];
    const terms = (rows: Rows) => ({ distance: distance(w)(rows), size: mean(abs(w)) as Scalar });
    const { history, end } = await run({ w, loss: terms, epochs: 1, onProgress: (p) => seen.push(p) });
    const whole = await run({
      w: other,
      epochs: 1,
      loss: (rows) => tidy(() => terms2(other)(rows)),
    });
    expect(end).toEqual(whole.end);
    const { loss, terms: means } = history.epochs[0]!;
    expect(Object.keys(means)).toEqual(['distance', 'size']);
    expect(means.distance! + means.size!).toBeCloseTo(loss, 5);
    expect(seen.at(-1)!.terms).toEqual(means);
  });
  const terms2 = (w: Variable) => (rows: Rows) => add(distance(w)(rows), mean(abs(w))) as Scalar;

  test('micro-batches give what the large batch gives, unequal ones too', async () => {
    const large = [batch(1, 2, 3), batch(4, 5, 6), batch(7, 8)];
    const optimizer = (w: Variable) => sgd({ parameters: [w], learningRate: 0.1, momentum: 0.9 });
    const [a, b] = [start(), start()];
    const whole = await run({ w: a, optimizer: optimizer(a), data: large });
    const small = [batch(1), batch(2, 3), batch(4, 5), batch(6), batch(7), batch(8)];
    const micro = await run({ w: b, optimizer: optimizer(b), data: small, accumulate: 2 });
    expect(micro.history.steps).toBe(6);
    for (const i of [0, 1]) expect(micro.end[i]).toBeCloseTo(whole.end[i]!, 5);
    for (const [i, loss] of whole.history.losses.entries()) expect(micro.history.losses[i]).toBeCloseTo(loss, 4);
    expect(micro.history.epochs.map(({ images }) => images)).toEqual([8, 8]);
  });

  test('clips the gradient, keeps the average, hands each batch its own stream', async () => {
    const w = start();
    const average = ema(new Map([['w', w]]), 0.5);
    const drawn: number[] = [];
    const { end } = await run({
      w,
      clip: 0.5,
      steps: 1,
      ema: average,
      data: [batch(4.5)],
      loss: (rows, { random, step, epoch, position }) => {
        drawn.push(random.next());
        expect([step, epoch, position]).toEqual([0, 0, 0]);
        return distance(w)(rows);
      },
    });
    // The gradient is (−4, 4.75).
    const norm = Math.hypot(4, 4.75);
    expect(end[0]).toBeCloseTo(0.5 + (0.1 * 0.5 * 4) / norm, 5);
    expect((await average.values.get('w')!.data())[0]).toBeCloseTo((0.5 + end[0]!) / 2, 5);
    expect(drawn).toHaveLength(1);
    average.dispose();
  });

  test('evaluates after each epoch, or so many steps, and once at the end', async () => {
    const at: string[] = [];
    const evaluate = ({ step, epoch }: { step: number; epoch: number }) => {
      at.push(`${step} ${epoch}`);
      return { score: step / 10 };
    };
    const { history } = await run({ evaluate });
    expect(at.splice(0)).toEqual(['6 0', '12 1']);
    expect(history.evaluations).toEqual([
      { step: 6, epoch: 0, values: { score: 0.6 } },
      { step: 12, epoch: 1, values: { score: 1.2 } },
    ]);
    await expect(run({ evaluate: () => ({ score: Number.NaN }) })).rejects.toThrow(/score.*NaN/);
    await run({ evaluate, evaluateEvery: 5 });
    expect(at.splice(0)).toEqual(['5 0', '10 1', '12 1']);
    await run({ evaluate, evaluateEvery: 4, steps: 8 });
    expect(at.splice(0)).toEqual(['4 0', '8 1']);
  });

  test('keeps nothing', async () => {
    const w = start();
    const optimizer = adamW({ parameters: [w], learningRate: 0.01 });
    const options = { loss: distance(w), optimizer, data: singles, epochs: 1, clip: 1, accumulate: 2 };
    await fit(options);
    const before = memory().numTensors;
    await fit(options);
    await fit({ ...options, loss: (rows) => ({ a: distance(w)(rows), b: mean(w) as Scalar }) });
    expect(memory().numTensors).toBe(before);
    const failing = [
      () => ({ a: distance(w)(singles[0]!), b: 1 as unknown as Scalar }),
      () => ({ a: distance(w)(singles[0]!), b: log(sub(0, mean(abs(w)))) as Scalar }),
      () => w as unknown as Scalar,
      () => mean(tensor1d([1, 2])) as Scalar,
      () => mean(sqrt(mul(w, 0))) as Scalar,
    ];
    for (const loss of failing) await expect(fit({ ...options, loss })).rejects.toThrow();
    expect(memory().numTensors).toBe(before);
  });
});

describe('what fit refuses', () => {
  test('a loss that is not finite: the parameters stay, and step and term are told', async () => {
    const w = start();
    const optimizer = sgd({ parameters: [w], learningRate: 0.1 });
    let calls = 0;
    let last: number[] = [];
    const loss = (rows: Rows) => {
      last = [...w.dataSync()];
      const minus = mul(mean(abs(w)), calls++ === 2 ? -1 : 1);
      return { distance: distance(w)(rows), entropy: log(minus) as Scalar };
    };
    const error = await fit({ loss, optimizer, data: singles, epochs: 1 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NonFiniteLossError);
    expect(error).toMatchObject({ step: 3, term: 'entropy', value: Number.NaN });
    expect((error as Error).message).toMatch(/entropy.*NaN in step 3/s);
    expect(await values(w)).toEqual(last);
    // log 0 is −∞, and so is the loss that has no terms; sqrt has an infinite gradient at 0, which no loss shows.
    const plain = fit({ loss: () => log(mul(mean(w), 0)) as Scalar, optimizer, data: singles, epochs: 1 });
    await expect(plain).rejects.toMatchObject({ step: 1, term: 'loss' });
    const steep = fit({ loss: () => mean(sqrt(mul(w, 0))) as Scalar, optimizer, data: singles, epochs: 1 });
    await expect(steep).rejects.toMatchObject({ step: 1, term: "gradient of '0'" });
    expect(await values(w)).toEqual(last);
  });

  test('options and data without meaning', async () => {
    const w = start();
    const optimizer = sgd({ parameters: [w], learningRate: 0.1 });
    const good = { loss: distance(w), optimizer, data: singles };
    await expect(fit(good)).rejects.toThrow(/epochs.*steps/);
    await expect(fit({ ...good, epochs: 1, steps: 1 })).rejects.toThrow(ValueError);
    await expect(fit({ ...good, epochs: 0 })).rejects.toThrow(/epochs/);
    await expect(fit({ ...good, steps: 1.5 })).rejects.toThrow(/steps/);
    await expect(fit({ ...good, epochs: 1, accumulate: 0 })).rejects.toThrow(/accumulate/);
    await expect(fit({ ...good, epochs: 1, clip: -1 })).rejects.toThrow(/clip/);
    await expect(fit({ ...good, epochs: 1, seed: 0.5 })).rejects.toThrow(/seed/);
    await expect(fit({ ...good, epochs: 1, size: () => 0 })).rejects.toThrow(/size/);
    await expect(fit({ ...good, epochs: 1, data: [] })).rejects.toThrow(/none in epoch 1/);
    await expect(fit({ ...good, epochs: 1, data: 3 as unknown as Rows[] })).rejects.toThrow(/iterable/);
    const once = (function* () {
      yield* singles;
    })();
    await expect(fit({ ...good, epochs: 2, data: once })).rejects.toThrow(/none in epoch 2.*generator/s);
    await expect(fit({ ...good, epochs: 1, loss: () => ({}) })).rejects.toThrow(/at least one term/);
    await expect(fit({ ...good, epochs: 1, loss: () => w as unknown as Scalar })).rejects.toThrow(ShapeError);
    const apart = () => mean(tensor1d([1, 2])) as Scalar;
    await expect(fit({ ...good, epochs: 1, loss: apart })).rejects.toThrow(/depend on a trainable parameter/);
    w.trainable = false;
    await expect(fit({ ...good, epochs: 1 })).rejects.toThrow(/trainable/);
  });

  test('to go on after an abort, even while it waits for data', async () => {
    const w = start();
    const optimizer = sgd({ parameters: [w], learningRate: 0.1 });
    const controller = new AbortController();
    const closed = vi.fn();
    const data = async function* () {
      try {
        yield singles[0]!;
        queueMicrotask(() => setTimeout(() => controller.abort(new Error('enough')), 5));
        await new Promise(() => {});
      } finally {
        closed();
      }
    };
    const options = { loss: distance(w), optimizer, epochs: 1, signal: controller.signal };
    await expect(fit({ ...options, data })).rejects.toThrow('enough');
    expect(optimizer.steps).toBe(1);
    await expect(fit({ ...options, data: singles })).rejects.toThrow('enough');
    expect(optimizer.steps).toBe(1);
    const next = new AbortController();
    let yielded = 0;
    const counted = function* () {
      try {
        for (const rows of singles) {
          if (++yielded === 3) next.abort();
          yield rows;
        }
      } finally {
        closed();
      }
    };
    await expect(fit({ ...options, data: counted, signal: next.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(closed).toHaveBeenCalledTimes(1);
  });
});
