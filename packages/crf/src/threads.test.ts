import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hostTensor, random } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { crf, DenseCrf, IRN_CRF, Lattice, unaryFromSoftmax } from './index';
import { crfModule } from './wasm-module';

const [height, width] = [190, 210];

beforeAll(async () => {
  // Workers join in when they have started.
  expect(await crfModule()!.ready(3)).toBe(3);
});

function photo(seed: number) {
  const stream = random(seed);
  const bytes = new Uint8Array(height * width * 3);
  for (let i = 0; i < bytes.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    bytes[i] = 90 + 60 * Math.sin(x / 17 + (i % 3)) + 50 * Math.cos(y / 23) + stream.integer(0, 12);
  }
  return hostTensor(bytes, [height, width, 3]);
}

test.for([2, 3])('%i threads number the vertices in the order of the points, as one does', async (threads) => {
  const options = { sdims: 40, schan: 6, compatibility: 'pydensecrf' } as const;
  const one = await Lattice.bilateral(photo(1), { ...options, threads: 1 });
  const many = await Lattice.bilateral(photo(1), { ...options, threads });
  expect(many.vertices).toBe(one.vertices);
  for (const table of ['offset', 'barycentric', 'neighbours'] as const) {
    expect(Buffer.from(many[table].values.buffer).equals(Buffer.from(one[table].values.buffer))).toBe(true);
  }
});

// Widths that no vector divides, and more points than are handled at a time.
test.for([209, 210, 211])('an image %i wide has the lattice of plain JavaScript', async (wide) => {
  const image = hostTensor(photo(3).values.subarray(0, wide * 150 * 3), [150, wide, 3]);
  const options = { sdims: 30, schan: 9, compatibility: 'pydensecrf', threads: 1 } as const;
  const ours = await Lattice.bilateral(image, options);
  const plain = await Lattice.bilateral(image, { ...options, engine: 'plain' });
  expect(ours.vertices).toBe(plain.vertices);
  expect(Buffer.from(ours.offset.values.buffer).equals(Buffer.from(plain.offset.values.buffer))).toBe(true);
});

test.for([
  [2, 2],
  [3, 3],
  [2, 5],
  [3, 21],
] as const)('%i threads agree with one on %i classes', async ([threads, classes]) => {
  const stream = random(classes);
  const scores = Float32Array.from({ length: height * width * classes }, () => stream.next());
  const image = photo(2);
  const run = async (threads: number) => {
    const crf = new DenseCrf({ height, width, classes, threads })
      .setUnary(await unaryFromSoftmax(hostTensor(scores, [height, width, classes])))
      .addGaussian({ sdims: 3, compat: 3 })
      .addBilateral({ sdims: 40, schan: 9, image, compat: 8 });
    const q = await crf.infer(5);
    crf.dispose();
    return q.values;
  };
  const heap = crfModule()!.heap;
  const [one, many] = [await run(1), await run(threads)];
  const used = heap.used;
  let largest = 0;
  for (let round = 0; round < 5; round++) {
    const again = await run(threads);
    for (let i = 0; i < one.length; i++) largest = Math.max(largest, Math.abs(one[i]! - again[i]!));
    // Which thread splats what is fixed, so that runs are equal to the bit.
    expect(Buffer.from(again.buffer).equals(Buffer.from(many.buffer))).toBe(true);
  }
  // The sums of the parts are added in another order.
  expect(largest).toBeLessThan(2e-5);
  expect(heap.used).toBe(used);
});

test('a smaller image inside comes out the same on several threads, where not all points send', async () => {
  const stream = random(4);
  const scores = hostTensor(
    Float32Array.from({ length: height * width * 3 }, () => stream.next()),
    [height, width, 3],
  );
  const run = (threads: number) => crf(photo(4), scores, IRN_CRF, { scale: 0.5, threads });
  const [one, three] = [await run(1), await run(3)];
  const largest = one.values.reduce((most, q, i) => Math.max(most, Math.abs(q - three.values[i]!)), 0);
  expect(largest).toBeLessThan(2e-5);
});

test('one, two and three threads make the same unary to the bit, and all see what is no score', async () => {
  const stream = random(7);
  // Not a multiple of what a thread handles at a time, nor of four.
  const shape = [height, width, 7];
  const values = Float32Array.from({ length: height * width * 7 }, () => 1.2 * stream.next());
  const unary = (threads: number) => unaryFromSoftmax(hostTensor(values, shape), { scale: 0.9, threads });
  const [one, two, three] = [await unary(1), await unary(2), await unary(3)];
  expect(Buffer.from(two.values.buffer).equals(Buffer.from(one.values.buffer))).toBe(true);
  expect(Buffer.from(three.values.buffer).equals(Buffer.from(one.values.buffer))).toBe(true);
  for (const at of [0, values.length >> 1, values.length - 1]) {
    const good = values[at]!;
    values[at] = Number.NaN;
    await expect(unary(2)).rejects.toThrow(`NaN at index ${at}`);
    values[at] = good;
  }
});

test.for([
  ['whatever compiler the engine takes', []],
  ['the engine’s first compiler', ['--liftoff-only']],
] as const)('a program with workers ends by itself, with %s', ([, flags]) => {
  const program = fileURLToPath(new URL('./threads.fixture.ts', import.meta.url));
  const args = [...flags, '--import', 'tsx', '--conditions=@wsss/source', program];
  const { stdout, status } = spawnSync(process.execPath, args, { timeout: 40_000, encoding: 'utf8' });
  expect(stdout).toBe('2 threads\n0.50\n');
  expect(status).toBe(0);
});
