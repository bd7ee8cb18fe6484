import { backend, dispose, memory, zeros } from '@tensorflow/tfjs-core';
import { type Random, random } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../use-backend';
import { simdConv2d, simdFusedConv2d } from '../conv2d';
import { simdConv2dBackpropFilter } from '../conv2d-backprop-filter';
import { simdConv2dBackpropInput } from '../conv2d-backprop-input';
import {
  attributesOf,
  difference,
  draw,
  eachTap,
  type RandomConv,
  randomConv,
  runAccelerated,
  type Sums,
  threeSums,
} from './test-support';

const BOUND = 2e-6;

/** The three sums of a convolution in doubles. */
function reference(conv: RandomConv, x: ArrayLike<number>, w: ArrayLike<number>, dy: ArrayLike<number>): Sums[] {
  const [from, to] = [conv.filter[2], conv.filter[3]];
  const { sums, add } = threeSums(conv);
  eachTap(conv, (input, output, tap) => {
    for (let i = 0; i < from; i++) {
      for (let o = 0; o < to; o++) {
        const [px, py, pw] = [input * from + i, output * to + o, (tap * from + i) * to + o];
        add(0, py, x[px]! * w[pw]!);
        add(1, px, dy[py]! * w[pw]!);
        add(2, pw, x[px]! * dy[py]!);
      }
    }
  });
  return sums;
}

async function check(conv: RandomConv, stream: Random): Promise<void> {
  const [x, filter, dy] = [draw(stream, conv.input), draw(stream, conv.filter), draw(stream, conv.output)];
  const attributes = attributesOf(conv);
  const before = memory().numTensors;
  const results = [
    runAccelerated(simdConv2d, { x, filter }, attributes),
    runAccelerated(simdConv2dBackpropInput, { dy, filter }, { ...attributes, inputShape: conv.input }),
    runAccelerated(simdConv2dBackpropFilter, { x, dy }, { ...attributes, filterShape: conv.filter }),
  ];
  expect(memory().numTensors).toBe(before + 3);
  const sums = reference(conv, await x.data(), await filter.data(), await dy.data());
  for (const [i, result] of results.entries()) {
    expect(difference(await result.data(), sums[i]!.values, sums[i]!.scales), JSON.stringify(conv)).toBeLessThan(BOUND);
  }
  dispose([x, filter, dy, ...results]);
}

/** Convolutions, fused ones, and both gradients equal loops in doubles, on `cases` settings at random. */
export function testConv2d(cases: number): void {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  describe('convolution and its gradients equal loops in doubles', () => {
    test.each([
      [3, cases],
      [40, cases / 4],
    ])('random settings, up to %d channels', async (channels, count) => {
      const stream = random(channels);
      for (let i = 0; i < count; i++) await check(randomConv(stream, channels), stream);
    });

    test('sums longer than what is packed and summed at a time', async () => {
      const wide = {
        strides: [1, 1],
        dilations: [1, 1],
        padding: [
          [1, 1],
          [1, 1],
        ],
      } as const;
      const conv = (size: number, from: number, to: number): RandomConv => ({
        ...structuredClone(wide as unknown as RandomConv),
        input: [1, size, size, from],
        filter: [3, 3, from, to],
        output: [1, size, size, to],
      });
      const stream = random(5);
      for (const [size, from, to] of [
        [4, 600, 40],
        [5, 40, 600],
        [20, 5, 12],
        [2, 520, 64],
        // So many that the filters are transformed in two parts.
        ...(cases > 200 ? ([[12, 1024, 136]] as const) : []),
      ] as const) {
        await check(conv(size, from, to), stream);
      }
    });

    test('three by three taps, which Winograd makes of fewer products', async () => {
      const stream = random(6);
      const whole = (low: number, high: number) => low + Math.floor(stream.next() * (high - low + 1));
      for (let i = 0; i < cases / 20; i++) {
        const [height, width, from, to] = [whole(8, 14), whole(12, 15), 8 * whole(4, 6), 8 * whole(4, 7)];
        const padding: RandomConv['padding'] = [
          [whole(0, 3), whole(0, 3)],
          [whole(0, 3), whole(0, 3)],
        ];
        const [outHeight, outWidth] = [height, width].map((n, axis) => n + padding[axis]![0] + padding[axis]![1] - 2);
        await check(
          {
            input: [2, height, width, from],
            filter: [3, 3, from, to],
            output: [2, outHeight!, outWidth!, to],
            strides: [1, 1],
            dilations: [1, 1],
            padding,
          },
          stream,
        );
      }
    });

    test('after the memory has grown', async () => {
      const stream = random(9);
      const setting = randomConv(stream, 20);
      await check(setting, stream);
      const large = zeros([2 ** 25]);
      await check(setting, stream);
      large.dispose();
      await check(setting, stream);
    });
  });

  describe('fused convolutions', () => {
    const bounds = { linear: [-Infinity, Infinity], relu: [0, Infinity], relu6: [0, 6] } as const;

    test.each(Object.entries(bounds))('%s', async (activation, [low, high]) => {
      const stream = random(7).fork(activation);
      for (let i = 0; i < 30; i++) {
        const conv = randomConv(stream, 20);
        const [x, filter, bias] = [draw(stream, conv.input), draw(stream, conv.filter), draw(stream, [conv.filter[3]])];
        const inputs = i % 3 === 0 ? { x, filter } : { x, filter, bias };
        const y = runAccelerated(simdFusedConv2d, inputs, { ...attributesOf(conv), activation });
        const zeros = new Float32Array(y.size);
        const [{ values, scales }] = reference(conv, await x.data(), await filter.data(), zeros) as [Sums];
        const biases = await bias.data();
        const wanted = values.map((sum, place) => {
          const offset = 'bias' in inputs ? biases[place % biases.length]! : 0;
          scales[place]! += Math.abs(offset);
          return Math.min(Math.max(sum + offset, low), high);
        });
        expect(difference(await y.data(), wanted, scales), JSON.stringify(conv)).toBeLessThan(BOUND);
        dispose([x, filter, bias, y]);
      }
    });

    test('other activations are left to the stock kernel', () => {
      const [x, filter] = [zeros([1, 4, 4, 2]), zeros([1, 1, 2, 3])];
      expect(() =>
        runAccelerated(simdFusedConv2d, { x, filter }, { strides: 1, pad: 'same', activation: 'elu' }),
      ).toThrow('did not take it');
      dispose([x, filter]);
    });
  });

  test('a thousand calls leave neither tensors nor memory behind', () => {
    const stream = random(4);
    const conv = randomConv(stream, 40);
    const [x, filter, dy] = [draw(stream, conv.input), draw(stream, conv.filter), draw(stream, conv.output)];
    const attributes = attributesOf(conv);
    const heap = () => (backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
    let before = { tensors: 0, bytes: 0 };
    for (let i = 0; i < 1010; i++) {
      if (i === 10) before = { tensors: memory().numTensors, bytes: heap() };
      runAccelerated(simdConv2d, { x, filter }, attributes).dispose();
      runAccelerated(simdConv2dBackpropInput, { dy, filter }, { ...attributes, inputShape: conv.input }).dispose();
      runAccelerated(simdConv2dBackpropFilter, { x, dy }, { ...attributes, filterShape: conv.filter }).dispose();
    }
    expect({ tensors: memory().numTensors, bytes: heap() }).toEqual(before);
    dispose([x, filter, dy]);
  });
}
