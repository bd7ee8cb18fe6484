import { hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { DenseCrf, Lattice, unaryFromSoftmax } from './index';
import { crfModule } from './wasm-module';

const engines = ['wasm', 'plain'] as const;

function scene(height: number, width: number, classes: number, seed: number) {
  const stream = random(seed);
  const image = new Uint8Array(height * width * 3);
  const scores = new Float32Array(height * width * classes);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const region = Math.floor((x * classes) / width);
      for (let c = 0; c < 3; c++) image[(y * width + x) * 3 + c] = 60 * region + 40 * c + stream.integer(0, 20);
      for (let c = 0; c < classes; c++)
        scores[(y * width + x) * classes + c] = 0.6 * stream.next() + (c === region ? 0.3 : 0);
    }
  }
  return { image: hostTensor(image, [height, width, 3]), scores: hostTensor(scores, [height, width, classes]) };
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let largest = a.length === b.length ? 0 : Number.NaN;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
};

async function refine(
  engine: 'wasm' | 'plain',
  height: number,
  width: number,
  classes: number,
  iterations = 5,
  seed = 1,
) {
  const { image, scores } = scene(height, width, classes, seed);
  const crf = new DenseCrf({ height, width, classes, engine })
    .setUnary(await unaryFromSoftmax(scores))
    .addGaussian({ sdims: 3, compat: 3 })
    .addBilateral({ sdims: [20, 30], schan: 10, image, compat: 6 });
  const result = await crf.infer(iterations);
  crf.dispose();
  return result;
}

describe('both engines', () => {
  test.for([1, 2, 3, 4, 5, 9, 14, 18, 21, 25])('give the same numbers for %i classes', async (classes) => {
    const [wasm, plain] = [await refine('wasm', 23, 31, classes), await refine('plain', 23, 31, classes)];
    expect(wasm.shape).toEqual([23, 31, classes]);
    // Float32 sums in another order, over five iterations.
    expect(largestDifference(wasm.values, plain.values)).toBeLessThan(2e-5);
  });

  test.for([
    [1, 1],
    [1, 7],
    [6, 1],
    [2, 3],
    [5, 13],
  ] as const)('work on an image of %i × %i', async ([height, width]) => {
    const [wasm, plain] = [await refine('wasm', height, width, 3), await refine('plain', height, width, 3)];
    expect(largestDifference(wasm.values, plain.values)).toBeLessThan(2e-5);
  });

  test.for(['none', 'before', 'after', 'symmetric'] as const)('agree for normalisation %s', async (normalization) => {
    const { image, scores } = scene(17, 19, 4, 3);
    const run = async (engine: 'wasm' | 'plain') =>
      new DenseCrf({ height: 17, width: 19, classes: 4, engine })
        .setUnary(await unaryFromSoftmax(scores))
        .addBilateral({ sdims: 10, schan: 20, image, normalization, compat: normalization === 'none' ? 0.02 : 4 })
        .infer(4);
    expect(largestDifference((await run('wasm')).values, (await run('plain')).values)).toBeLessThan(2e-5);
  });

  test('agree beyond eight dimensions, where plain JavaScript takes over', async () => {
    const stream = random(5);
    const features = hostTensor(
      Float32Array.from({ length: 60 * 10 }, () => stream.normal()),
      [60, 10],
    );
    const unary = hostTensor(
      Float32Array.from({ length: 120 }, () => stream.next()),
      [60, 2],
    );
    const run = (engine: 'wasm' | 'plain') =>
      new DenseCrf({ points: 60, classes: 2, engine }).setUnary(unary).addEnergy({ features, compat: 2 }).infer(3);
    expect(largestDifference((await run('wasm')).values, (await run('plain')).values)).toBe(0);
  });
});

describe.for(engines)('%s', (engine) => {
  test('probabilities sum to one and are what the unary says without a pairwise term', async () => {
    const { scores } = scene(9, 8, 3, 2);
    const unary = await unaryFromSoftmax(scores);
    const q = await new DenseCrf({ height: 9, width: 8, classes: 3, engine }).setUnary(unary).infer(7);
    for (let i = 0; i < 72; i++) {
      const sum = Math.fround(scores.values[3 * i]! + scores.values[3 * i + 1]! + scores.values[3 * i + 2]!);
      expect(q.values[3 * i]! + q.values[3 * i + 1]! + q.values[3 * i + 2]!).toBeCloseTo(1, 6);
      expect(q.values[3 * i]).toBeCloseTo(scores.values[3 * i]! / sum, 5);
    }
  });

  test('without a unary all classes stay equal', async () => {
    const q = await new DenseCrf({ height: 4, width: 6, classes: 5, engine })
      .addGaussian({ sdims: 2, compat: 3 })
      .infer(3);
    for (const p of q.values) expect(p).toBeCloseTo(0.2, 6);
  });

  test('permuting the classes permutes the result', async () => {
    const { image, scores } = scene(12, 15, 3, 7);
    const order = [2, 0, 1];
    const permuted = scores.values.map((_, i) => scores.values[i - (i % 3) + order[i % 3]!]!);
    const run = async (values: Float32Array) =>
      new DenseCrf({ height: 12, width: 15, classes: 3, engine })
        .setUnary(await unaryFromSoftmax(hostTensor(values, [12, 15, 3])))
        .addBilateral({ sdims: 10, schan: 20, image, compat: 5 })
        .infer(5);
    const [one, two] = [await run(scores.values), await run(permuted)];
    const back = one.values.map((_, i) => one.values[i - (i % 3) + order[i % 3]!]!);
    expect(largestDifference(two.values, back)).toBeLessThan(1e-5);
  });

  test('smooths: a lonely pixel takes the class of those around it', async () => {
    const values = new Float32Array(81 * 2).map((_, i) => (i % 2 === 0 ? 0.8 : 0.2));
    values.set([0.3, 0.7], 40 * 2);
    const crf = new DenseCrf({ height: 9, width: 9, classes: 2, engine })
      .setUnary(await unaryFromSoftmax(hostTensor(values, [9, 9, 2])))
      .addGaussian({ sdims: 2, compat: 3 });
    await crf.infer(10);
    expect([...(await crf.map()).values]).toEqual(Array(81).fill(0));
  });

  test('an impossible class stays impossible, and nothing becomes NaN', async () => {
    const unary = new Float32Array(30 * 3).fill(1);
    for (let i = 0; i < 30; i++) unary[3 * i + (i % 3)] = Number.POSITIVE_INFINITY;
    const q = await new DenseCrf({ height: 5, width: 6, classes: 3, engine })
      .setUnary(hostTensor(unary, [5, 6, 3]))
      .addGaussian({ sdims: 3, compat: 10 })
      .infer(5);
    for (let i = 0; i < 30; i++) expect(q.values[3 * i + (i % 3)]).toBe(0);
    expect(q.values.every(Number.isFinite)).toBe(true);
  });

  test('steps are the iterations of infer, and the divergence falls', async () => {
    const { image, scores } = scene(14, 11, 3, 9);
    const crf = new DenseCrf({ height: 14, width: 11, classes: 3, engine })
      .setUnary(await unaryFromSoftmax(scores))
      .addBilateral({ sdims: 10, schan: 20, image, compat: 5 });
    const whole = await crf.infer(4);
    await crf.start();
    const divergences = [await crf.klDivergence()];
    let last = whole;
    for (let step = 0; step < 4; step++) {
      last = await crf.step();
      divergences.push(await crf.klDivergence());
    }
    expect(largestDifference(last.values, whole.values)).toBeLessThan(1e-6);
    for (let i = 1; i < divergences.length; i++) expect(divergences[i]!).toBeLessThan(divergences[i - 1]!);
    crf.dispose();
  });

  test('stops early on a tolerance', async () => {
    const { scores } = scene(9, 8, 3, 2);
    const crf = new DenseCrf({ height: 9, width: 8, classes: 3, engine }).setUnary(await unaryFromSoftmax(scores));
    crf.addGaussian({ sdims: 2, compat: 1 });
    let steps = 0;
    await crf.infer(500, { tolerance: 1e-4, onStep: (step) => (steps = step) });
    expect(steps).toBeGreaterThan(1);
    expect(steps).toBeLessThan(100);
  });

  test('stops when aborted', async () => {
    const abort = new AbortController();
    const crf = new DenseCrf({ height: 9, width: 8, classes: 3, engine }).addGaussian({ sdims: 2, compat: 1 });
    const run = crf.infer(1000, {
      signal: abort.signal,
      onStep: (step) => step === 3 && abort.abort(new Error('enough')),
    });
    await expect(run).rejects.toThrow('enough');
  });

  test('a lattice given from outside is used and stays alive', async () => {
    const { image, scores } = scene(10, 12, 2, 4);
    const bilateral = await Lattice.bilateral(image, { sdims: 10, schan: 20, engine });
    const run = async (lattice?: Lattice) => {
      const crf = new DenseCrf({ height: 10, width: 12, classes: 2, engine })
        .setUnary(await unaryFromSoftmax(scores))
        .addBilateral({ sdims: 10, schan: 20, image, compat: 5, lattice });
      const q = await crf.infer(3);
      crf.dispose();
      return q;
    };
    const own = await run();
    expect((await run(bilateral)).values).toEqual(own.values);
    expect((await run(bilateral)).values).toEqual(own.values);
    bilateral.dispose();
  });

  test('refuses what it cannot work with', async () => {
    const crf = () => new DenseCrf({ height: 2, width: 3, classes: 2, engine });
    const unary = (values: number[]) =>
      hostTensor(
        new Float32Array(12).fill(1).map((v, i) => values[i] ?? v),
        [2, 3, 2],
      );
    const image = hostTensor(new Uint8Array(18), [2, 3, 3]);
    expect(() => new DenseCrf({ height: 0, width: 3, classes: 2 })).toThrow(ValueError);
    expect(() => new DenseCrf({ height: 2, width: 3, classes: 256 })).toThrow(ValueError);
    expect(() => crf().setUnary(hostTensor(new Float32Array(12), [2, 2, 3]))).toThrow(ShapeError);
    expect(() => crf().addGaussian({ sdims: 0, compat: 1 })).toThrow(/positive standard deviations/);
    expect(() => crf().addGaussian({ sdims: [1, 2, 3], compat: 1 })).toThrow(ValueError);
    expect(() => crf().addGaussian({ sdims: 1, compat: [1, 2, 3] })).toThrow(/compat/);
    expect(() => crf().addGaussian({ sdims: 1, compat: [[1], [2]] })).toThrow(/compat/);
    expect(() => crf().addGaussian({ sdims: 1, compat: Number.NaN })).toThrow(/finite/);
    expect(() =>
      crf().addBilateral({ sdims: 1, schan: 1, compat: 1, image: hostTensor(new Uint8Array(18), [3, 2, 3]) }),
    ).toThrow(ShapeError);
    expect(() => new DenseCrf({ points: 6, classes: 2 }).addGaussian({ sdims: 1, compat: 1 })).toThrow(/addEnergy/);
    await expect(
      crf()
        .setUnary(unary([Number.NaN]))
        .infer(1),
    ).rejects.toThrow(/NaN at point 0, class 0/);
    await expect(
      crf()
        .setUnary(unary([1, Number.NEGATIVE_INFINITY]))
        .infer(1),
    ).rejects.toThrow(/-Infinity at point 0, class 1/);
    const impossible = unary([1, 1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    await expect(crf().setUnary(impossible).infer(1)).rejects.toThrow(
      /possible class, got 'only \+Infinity at point 1/,
    );
    await expect(crf().infer(-1)).rejects.toThrow(ValueError);
    await expect(crf().step()).rejects.toThrow(/start/);
    await expect(
      crf().addBilateral({ sdims: 1, schan: 1e-4, compat: 1, image: image }).infer(1),
    ).resolves.toBeDefined();
    const loud = hostTensor(
      new Uint8Array(18).map((_, i) => i * 14),
      [2, 3, 3],
    );
    await expect(crf().addBilateral({ sdims: 1, schan: 1e-4, compat: 1, image: loud }).infer(1)).rejects.toThrow(
      /standard deviations/,
    );
    const nan = hostTensor(new Float32Array(18).fill(Number.NaN), [2, 3, 3]);
    await expect(crf().addBilateral({ sdims: 1, schan: 1, compat: 1, image: nan }).infer(1)).rejects.toThrow(/finite/);
  });
});

test('all memory of the WebAssembly module is given back', async () => {
  const heap = crfModule()!.heap;
  const before = heap.used;
  for (const classes of [2, 3, 21]) await refine('wasm', 30, 40, classes);
  const { image, scores } = scene(30, 40, 3, 1);
  const crf = new DenseCrf({ height: 30, width: 40, classes: 3 }).setUnary(await unaryFromSoftmax(scores));
  crf.addBilateral({ sdims: 10, schan: 20, image, compat: 5 });
  await crf.start();
  await crf.klDivergence();
  crf.dispose();
  await expect(
    new DenseCrf({ height: 1, width: 1, classes: 2 })
      .setUnary(hostTensor(new Float32Array([Number.NaN, 0]), [1, 1, 2]))
      .infer(1),
  ).rejects.toThrow();
  expect(heap.used).toBe(before);
});
