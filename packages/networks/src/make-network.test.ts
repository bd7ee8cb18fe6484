import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS, random } from '@wsss/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Architecture } from './architecture';
import { declare } from './declare';
import { describe as describeNetwork } from './describe-network';
import { freeze } from './freeze';
import { makeNetwork, type Network } from './make-network';

let network: Network;
let images: Tensor4D;

/** A pre-activated block: a norm that follows no convolution, one that does, a dropout, a shortcut. */
beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
  const declared = declare('tiny', { seed: 2 });
  declared.builder.conv2d('stem', { in: 3, out: 4, kernel: 3 });
  declared.builder.batchNorm('norm', 4);
  declared.convNorm(['inner', 'after'], { in: 4, out: 6, kernel: 3, groups: 2 });
  declared.builder.conv2d('fc', { in: 6, out: 2, kernel: 1, bias: true });
  const architecture: Architecture = {
    name: 'tiny',
    taps: { activated: { stride: 1, channels: 4 }, last: { stride: 2, channels: 6 } },
    classifierTap: 'last',
    preprocess: IMAGENET_PREPROCESS,
    batchNorm: 'running',
    epsilon: 1e-5,
    normed: declared.normed,
    steps: [
      { run: (layers, x) => layers.conv2d('stem', x, { padding: 1 }) },
      { tap: 'activated', run: (layers, x) => layers.norm('norm', x, 'relu') },
      { run: (layers, x) => layers.dropout('drop', x, 0.5) },
      {
        tap: 'last',
        run: (layers, x) =>
          layers.convNorm(['inner', 'after'], x, { stride: 2, padding: 1, groups: 2, activation: 'relu6' }),
      },
    ],
  };
  network = makeNetwork(architecture, declared.variables());
  for (const [name, variable] of network.parameters) {
    if (variable.rank !== 1) continue;
    const stream = random(1).fork(name);
    const values = Array.from({ length: variable.size }, () => stream.uniform(0.3, 1.5));
    tidy(() => variable.assign(tensor(values)));
  }
  const stream = random(3);
  images = tensor(
    Array.from({ length: 2 * 6 * 5 * 3 }, () => stream.normal()),
    [2, 6, 5, 3],
  );
});

afterAll(() => {
  network.dispose();
  images.dispose();
});

test('returns the taps asked for and keeps nothing else, whatever their order', async () => {
  const before = memory().numTensors;
  const seen: string[] = [];
  const both = network.forward(images, { taps: ['last', 'activated'], onLayer: (name) => seen.push(name) });
  expect(memory().numTensors).toBe(before + 2);
  expect(both.activated!.shape).toEqual([2, 6, 5, 4]);
  expect(both.last!.shape).toEqual([2, 3, 3, 6]);
  expect(seen).toEqual(['stem', 'norm', 'inner', 'after']);
  // What lies behind the last tap that is wanted does not run.
  seen.length = 0;
  const one = network.forward(images, { taps: ['activated'], onLayer: (name) => seen.push(name) });
  expect(seen).toEqual(['stem', 'norm']);
  expect(await one.activated!.data()).toEqual(await both.activated!.data());
  expect(memory().numTensors).toBe(before + 3);
  for (const t of [both.last, both.activated, one.activated]) t!.dispose();
  expect(network.forward(images, { taps: [] })).toEqual({});
  expect(images.isDisposed).toBe(false);
});

test('goes on from a tap, as if it had not stopped there', async () => {
  const seen: string[] = [];
  const { activated, last } = network.forward(images, { taps: ['activated', 'last'] });
  const before = memory().numTensors;
  const behind = network.forward(activated!, { from: 'activated', onLayer: (name) => seen.push(name) });
  expect(memory().numTensors).toBe(before + 1);
  expect(seen).toEqual(['inner', 'after']);
  expect(await behind.last!.data()).toEqual(await last!.data());
  expect(activated!.isDisposed).toBe(false);
  expect(() => network.forward(images, { from: 'activated' })).toThrow('[n, h, w, 4]');
  expect(() => network.forward(activated!, { from: 'activated', taps: ['activated'] })).toThrow('to be among last');
  expect(() => network.forward(images, { from: 'nowhere' })).toThrow('activated, last');
  for (const each of [activated, last, behind.last]) each!.dispose();
});

test('nothing is left behind when a step fails', () => {
  const before = memory().numTensors;
  expect(() =>
    network.forward(images, {
      onLayer: (name) => {
        if (name === 'inner') throw new Error('stop');
      },
    }),
  ).toThrow('stop');
  expect(memory().numTensors).toBe(before);
});

test('folding: every norm, with γ, β, μ and σ² of its own', async () => {
  const folded = freeze(network);
  expect([...folded.parameters].map(([name, v]) => `${name} [${v.shape}]`)).toEqual([
    'stem.weight [3,3,3,4]',
    'norm.weight [1,1,1,4]',
    'norm.bias [4]',
    'inner.weight [3,3,2,6]',
    'inner.bias [6]',
    'fc.weight [1,1,6,2]',
    'fc.bias [2]',
  ]);
  const [a, b] = [network.forward(images).last!, folded.forward(images).last!];
  const [va, vb] = [await a.data(), await b.data()];
  expect(new Set(va).size).toBeGreaterThan(20);
  for (let i = 0; i < va.length; i++) expect(vb[i]).toBeCloseTo(va[i]!, 5);
  const again = freeze(folded);
  const c = again.forward(images).last!;
  expect(await c.data()).toEqual(vb);
  for (const each of [a, b, c, folded, again]) each.dispose();
});

test('folding: what is said to train does, without norms', () => {
  const folded = freeze(network, { trainable: (name) => /^(inner|norm)\./.test(name) });
  const trainable = [...folded.parameters].filter(([, v]) => v.trainable).map(([name]) => name);
  expect(trainable).toEqual(['norm.weight', 'norm.bias', 'inner.weight', 'inner.bias']);
  folded.dispose();
});

test('dropout: by its seed, in training alone', async () => {
  const values = async (options: { training?: boolean; seed?: number }) => {
    const { last } = network.forward(images, options);
    const read = await last!.data();
    last!.dispose();
    return read;
  };
  expect(await values({ seed: 1 })).toEqual(await values({}));
  expect(await values({ training: true, seed: 1 })).toEqual(await values({ training: true, seed: 1 }));
  expect(await values({ training: true, seed: 1 })).not.toEqual(await values({ training: true, seed: 4 }));
  await expect(values({ training: true })).rejects.toThrow('tiny: expected `seed` to be given for training');
});

test('describe: shapes, parameters, FLOPs', () => {
  const before = memory().numTensors;
  const { table, parameters, flops } = describeNetwork(network, { size: [8, 6] });
  expect(memory().numTensors).toBe(before);
  expect(parameters).toBe(3 * 3 * 3 * 4 + 8 + 3 * 3 * 2 * 6 + 12);
  // 2 · cells · filter: 8 × 6 cells of the first, 4 × 3 of the second.
  expect(flops).toBe(2 * 48 * 108 + 2 * 12 * 108);
  expect(table).toMatchInlineSnapshot(`
    "layer      output  parameters  trainable  MFLOPs
    ────────────────────────────────────────────────
    stem       8×6×4          108        108    0.01
    norm       8×6×4            8          8
    inner      4×3×6          108        108    0.00
    after      4×3×6           12         12
    ────────────────────────────────────────────────
    tiny, 8×6                 236        236    0.01"
  `);
  expect(() => describeNetwork(network, { size: [8, 0] })).toThrow('`size` to be [height, width]');
});
