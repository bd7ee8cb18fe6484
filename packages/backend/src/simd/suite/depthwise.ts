import { dispose, memory } from '@tensorflow/tfjs-core';
import { type Random, random } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import {
  simdDepthwise,
  simdDepthwiseBackpropFilter,
  simdDepthwiseBackpropInput,
  simdFusedDepthwise,
} from '../depthwise';
import {
  attributesOf,
  difference,
  draw,
  eachTap,
  type RandomConv,
  randomConv,
  runAccelerated,
  startThreads,
  threeSums,
} from './test-support';

const BOUND = 2e-6;

function randomDepthwise(stream: Random, channels: number): RandomConv {
  const conv = randomConv(stream, channels);
  const c = conv.input[3];
  return { ...conv, filter: [conv.filter[0], conv.filter[1], c, 1], output: [...conv.output.slice(0, 3), c] as never };
}

async function check(conv: RandomConv, stream: Random): Promise<void> {
  const c = conv.input[3];
  const [x, filter, dy] = [draw(stream, conv.input), draw(stream, conv.filter), draw(stream, conv.output)];
  const bias = draw(stream, [c]);
  const attributes = attributesOf(conv);
  const before = memory().numTensors;
  const results = [
    runAccelerated(simdDepthwise, { x, filter }, attributes),
    runAccelerated(simdDepthwiseBackpropInput, { dy, filter }, { ...attributes, inputShape: conv.input }),
    runAccelerated(simdDepthwiseBackpropFilter, { x, dy }, { ...attributes, filterShape: conv.filter }),
    runAccelerated(simdFusedDepthwise, { x, filter, bias }, { ...attributes, activation: 'relu6' }),
  ];
  expect(memory().numTensors).toBe(before + 4);
  const [xs, ws, ys, biases] = await Promise.all([x.data(), filter.data(), dy.data(), bias.data()]);
  const { sums, add } = threeSums(conv);
  eachTap(conv, (input, output, tap) => {
    for (let i = 0; i < c; i++) {
      const [px, py, pw] = [input * c + i, output * c + i, tap * c + i];
      add(0, py, xs[px]! * ws[pw]!);
      add(1, px, ys[py]! * ws[pw]!);
      add(2, pw, xs[px]! * ys[py]!);
    }
  });
  const fused = sums[0]!.values.map((sum, i) => Math.min(Math.max(sum + biases[i % c]!, 0), 6));
  sums.push({ values: fused, scales: sums[0]!.scales.map((scale, i) => scale + Math.abs(biases[i % c]!)) });
  for (const [i, result] of results.entries()) {
    expect(difference(await result.data(), sums[i]!.values, sums[i]!.scales), JSON.stringify(conv)).toBeLessThan(BOUND);
  }
  dispose([x, filter, dy, bias, ...results]);
}

/** Depthwise convolutions, fused ones, and both gradients equal loops in doubles, on `cases` settings at random. */
export function testDepthwise(cases: number, threads: number): void {
  beforeAll(async () => {
    await startThreads(threads);
  });

  test.each([
    [3, cases / 2],
    [40, cases],
  ])(
    'depthwise convolutions and their gradients equal loops in doubles, up to %d channels',
    async (channels, count) => {
      const stream = random(channels);
      for (let i = 0; i < count; i++) await check(randomDepthwise(stream, channels), stream);
    },
  );

  test('several outputs a channel are left to the other kernel', () => {
    const [x, filter] = [draw(random(1), [1, 4, 4, 3]), draw(random(2), [2, 2, 3, 2])];
    expect(() => runAccelerated(simdDepthwise, { x, filter }, { strides: 1, pad: 'same' })).toThrow('did not take it');
    dispose([x, filter]);
  });
}
