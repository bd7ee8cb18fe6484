import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BackendError, hostTensor, random, ShapeError, ValueError } from '@wsss/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CrfPreset, crf, crfFromLabels, crfLattices, DenseCrf, IRN_CRF, Lattice, PSA_CRF, warmUp } from './index';
import { crfModule } from './wasm-module';

const { heap } = crfModule()!;

function scene(height: number, width: number, classes: number, seed = 1) {
  const stream = random(seed);
  const image = Uint8Array.from({ length: height * width * 3 }, () => stream.integer(0, 256));
  const scores = Float32Array.from({ length: height * width * classes }, () => stream.next());
  return { image: hostTensor(image, [height, width, 3]), scores: hostTensor(scores, [height, width, classes]) };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('memory', () => {
  test('too large a job is refused before any work', async () => {
    const used = heap.used;
    const field = new DenseCrf({ height: 4096, width: 4096, classes: 21 }).addGaussian({ sdims: 3, compat: 3 });
    const started = performance.now();
    await expect(field.infer(10)).rejects.toThrow(BackendError);
    await expect(field.infer(10)).rejects.toThrow(/4096 × 4096 × 21 .* need \d.* GiB, and WebAssembly has 4 GiB/);
    expect(performance.now() - started).toBeLessThan(1000);
    const many = hostTensor(new Float32Array(21), [1, 1, 21]);
    const huge = { ...many, shape: [4096, 4096, 21] };
    const photo = { ...many, shape: [4096, 4096, 3] };
    await expect(crf(photo, huge, PSA_CRF)).rejects.toThrow(/4096 × 4096 × 21 .* need/);
    expect(() => Lattice.gaussian(30_000, 30_000, { sdims: 3 })).toThrow(/900000000 points .* need/);
    expect(heap.used).toBe(used);
  });

  test('memory that cannot be had is an error that leaves nothing behind, wherever it happens', async () => {
    const { image, scores } = scene(60, 90, 5);
    await crf(image, scores, PSA_CRF);
    const used = heap.used;
    const allocate = heap.allocate.bind(heap);
    let fail = 0;
    let reached = true;
    for (; reached; fail++) {
      let count = 0;
      reached = false;
      vi.spyOn(heap, 'allocate').mockImplementation((bytes, zeroed) => {
        if (count++ === fail) {
          reached = true;
          throw new BackendError('wasm', 'no more memory');
        }
        return allocate(bytes, zeroed);
      });
      const run = crf(image, scores, PSA_CRF, { threads: 1 });
      if (
        await run.then(
          () => false,
          () => true,
        )
      )
        expect(reached).toBe(true);
      vi.restoreAllMocks();
      expect(heap.used).toBe(used);
    }
    expect(fail).toBeGreaterThan(25);
  });

  test('a memory that does not grow is named, with a remedy', () => {
    vi.spyOn(heap.memory, 'grow').mockImplementation(() => {
      throw new RangeError('Maximum memory size exceeded');
    });
    expect(() => heap.allocate(2 ** 31)).toThrow(/backend 'wasm': cannot have 2.0 GiB of memory more.\n.*dispose/s);
  });

  test('comes back when lattices and fields are garbage', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = heap.used;
    const { image } = scene(50, 60, 3);
    await (async () => {
      await Lattice.bilateral(image, { sdims: 5, schan: 20 });
      await new DenseCrf({ height: 50, width: 60, classes: 3 }).addGaussian({ sdims: 3, compat: 3 }).infer(2);
    })();
    expect(heap.used).toBeGreaterThan(used);
    for (let round = 0; round < 50 && heap.used > used; round++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(heap.used).toBe(used);
  });
});

describe('arguments', () => {
  const { image, scores } = scene(4, 6, 3);

  test('a preset is checked', async () => {
    const run = (change: object) => crf(image, scores, { ...PSA_CRF, ...change } as CrfPreset);
    await expect(crf(image, scores, 'PSA_CRF' as unknown as CrfPreset)).rejects.toThrow(/`preset` to be PSA_CRF/);
    await expect(crf(image, scores, undefined as unknown as CrfPreset)).rejects.toThrow(ValueError);
    await expect(run({ iterations: 2.5 })).rejects.toThrow(/`preset.iterations`/);
    await expect(run({ steps: 4 })).rejects.toThrow(/`preset` to have no entries but .*, got 'steps'/);
    await expect(run({ gaussian: { sxy: 3, compat: 3 } })).rejects.toThrow(/`preset.gaussian` .*, got 'sxy'/);
    await expect(run({ bilateral: { sdims: 3, compat: 3 } })).rejects.toThrow(/`preset.bilateral` to have .*schan/);
    await expect(run({ scaleFactor: 0 })).rejects.toThrow(/`preset.scaleFactor`/);
    await expect(run({ clip: 0 })).rejects.toThrow(/clip/);
    await expect(run({ compatibility: 'simplecrf' })).rejects.toThrow(/compatibility/);
    await expect(crfLattices(image, { ...IRN_CRF, iterations: -1 })).rejects.toThrow(ValueError);
  });

  test('scores and labels are checked', async () => {
    const with0 = (value: number) =>
      hostTensor(
        scores.values.map((v, i) => (i === 0 ? value : v)),
        scores.shape,
      );
    for (const value of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(crf(image, with0(value), PSA_CRF)).rejects.toThrow(ValueError);
    }
    await expect(crf(image, scene(6, 4, 3).scores, PSA_CRF)).rejects.toThrow(ShapeError);
    await expect(crf(image, scores, PSA_CRF, { classes: [3] })).rejects.toThrow(/`classes`/);
    await expect(crf(image, scores, PSA_CRF, { scale: 0 })).rejects.toThrow(/`scale`/);
    await expect(crf(image, scores, PSA_CRF, { threads: 0 })).rejects.toThrow(/`threads`/);
    await expect(crf(image, hostTensor(new Float32Array(24 * 256), [4, 6, 256]), PSA_CRF)).rejects.toThrow(
      /`classes` to be a whole number from 1 to 255, got 256/,
    );
    const labels = hostTensor(new Uint8Array(24).fill(3), [4, 6]);
    await expect(crfFromLabels(image, labels, { classes: 3 })).rejects.toThrow(/`labels` .*3 at index 0/);
    const lattices = await crfLattices(image, PSA_CRF);
    await expect(crf(image, scores, PSA_CRF, { lattices, scale: 0.5 })).rejects.toThrow(/`lattices`/);
    lattices.dispose();
  });

  test('an abort stops before the lattices', async () => {
    const reason = new Error('not wanted');
    const signal = AbortSignal.abort(reason);
    const used = heap.used;
    await expect(crf(image, scores, PSA_CRF, { signal })).rejects.toBe(reason);
    await expect(crf(image, scores, PSA_CRF, { signal, scale: 0.5 })).rejects.toBe(reason);
    await expect(crfLattices(image, PSA_CRF, { signal })).rejects.toBe(reason);
    expect(heap.used).toBe(used);
  });
});

describe('where WebAssembly does not run', () => {
  /** A fresh copy of the package, in a realm where compiling fails as a content-security policy makes it. */
  async function fresh() {
    vi.resetModules();
    vi.stubGlobal('WebAssembly', {
      ...WebAssembly,
      Memory: WebAssembly.Memory,
      Module: class {
        constructor() {
          throw new Error("Refused to compile WebAssembly: 'wasm-unsafe-eval' is not allowed");
        }
      },
    });
    return import('./index');
  }

  test('plain JavaScript gives the same numbers', async () => {
    const { image, scores } = scene(15, 21, 4);
    const expected = await crf(image, scores, PSA_CRF);
    const other = await fresh();
    const got = await other.crf(image, scores, PSA_CRF);
    for (let i = 0; i < got.values.length; i++)
      expect(Math.abs(got.values[i]! - expected.values[i]!)).toBeLessThan(2e-5);
    expect(await other.warmUp()).toEqual({ engine: 'plain', threads: 1 });
  });

  test('who insists on it is told why', async () => {
    const other = await fresh();
    const { image, scores } = scene(3, 3, 2);
    const run = other.crf(image, scores, PSA_CRF, { engine: 'wasm' });
    await expect(run).rejects.toThrow(/backend 'wasm': WebAssembly with SIMD does not run here.\n.*wasm-unsafe-eval/s);
  });
});

test('warmUp starts the threads', async () => {
  expect(await warmUp({ threads: 2 })).toEqual({ engine: 'wasm', threads: 2 });
});
