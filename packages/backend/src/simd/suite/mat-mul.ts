import { dispose, memory } from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { simdFusedMatMul, simdMatMul } from '../mat-mul';
import { difference, draw, runAccelerated, startThreads } from './test-support';

const BOUND = 2e-6;

const forms = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
];
const batches = [
  [[], []],
  [[3], [3]],
  [
    [2, 2],
    [1, 1],
  ],
  [[1], [4]],
] as const;

/** Matrix products equal loops in doubles, on `cases` settings at random. */
export function testMatMul(cases: number, threads: number): void {
  beforeAll(async () => {
    await startThreads(threads);
  });

  describe.each(forms)('products equal loops in doubles: %o', (flags) => {
    test.each(batches)('batches [%s] and [%s]', async (batchA, batchB) => {
      const stream = random(11).fork(`${batchA} ${batchB}`);
      const whole = (most: number) => 1 + Math.floor(stream.next() * most);
      for (let i = 0; i < cases; i++) {
        // Every tenth one with a long sum.
        let [m, k, n] = [8 + whole(40), i % 10 === 0 ? whole(1500) : whole(40), whole(40)];
        if (batchA.length > 0) [m, k, n] = [m + 20, k + 20, n + 21];
        await check([...batchA], [...batchB], m, k, n, flags);
      }
    });
  });
}

async function check(
  batchA: number[],
  batchB: number[],
  m: number,
  k: number,
  n: number,
  flags: { transposeA: boolean; transposeB: boolean },
): Promise<void> {
  const stream = random(m * 10_000 + k * 100 + n);
  const a = draw(stream, [...batchA, ...(flags.transposeA ? [k, m] : [m, k])]);
  const b = draw(stream, [...batchB, ...(flags.transposeB ? [n, k] : [k, n])]);
  const bias = draw(stream, [n]);
  const before = memory().numTensors;
  const product = runAccelerated(simdMatMul, { a, b }, flags);
  const fused = flags.transposeA
    ? undefined
    : runAccelerated(simdFusedMatMul, { a, b, bias }, { ...flags, activation: 'relu' });
  expect(memory().numTensors).toBe(before + (fused ? 2 : 1));
  const [as, bs, biases] = await Promise.all([a.data(), b.data(), bias.data()]);
  const batch = batchA.length > 0 && batchA.some((size) => size > 1) ? batchA : batchB;
  const count = batch.reduce((x, y) => x * y, 1);
  const [single, right] = [as.length === m * k, bs.length === k * n];
  const values = new Float64Array(count * m * n);
  const scales = new Float64Array(count * m * n);
  for (let at = 0; at < values.length; at++) {
    const [image, i, j] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
    const [fromA, fromB] = [single ? 0 : image * m * k, right ? 0 : image * k * n];
    for (let l = 0; l < k; l++) {
      const left = as[fromA + (flags.transposeA ? l * m + i : i * k + l)]!;
      const term = left * bs[fromB + (flags.transposeB ? j * k + l : l * n + j)]!;
      values[at]! += term;
      scales[at]! += Math.abs(term);
    }
  }
  const name = `${m}×${k}×${n}`;
  expect(product.shape).toEqual([...batch, m, n]);
  expect(difference(await product.data(), values, scales), name).toBeLessThan(BOUND);
  if (fused) {
    const finished = values.map((value, at) => Math.max(0, value + biases[at % n]!));
    const larger = scales.map((scale, at) => scale + Math.abs(biases[at % n]!));
    expect(difference(await fused.data(), finished, larger), name).toBeLessThan(BOUND);
  }
  dispose([a, b, bias, product, ...(fused ? [fused] : [])]);
}
