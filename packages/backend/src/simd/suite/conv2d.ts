import { backend, dispose, memory, zeros } from '@tensorflow/tfjs-core';
import { type Random, random } from '@wsss/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convGeometry } from '../../kernels/conv-geometry';
import { simdConv2d, simdFusedConv2d } from '../conv2d';
import { simdConv2dBackpropFilter } from '../conv2d-backprop-filter';
import { simdConv2dBackpropInput } from '../conv2d-backprop-input';
import { kernelSettings } from '../kernel-settings';
import { winogradSize } from '../winograd';
import {
  attributesOf,
  difference,
  draw,
  eachTap,
  type RandomConv,
  randomConv,
  runAccelerated,
  type Sums,
  startThreads,
  threeSums,
} from './test-support';

const BOUND = 2e-6;
/** Tiles of 4×4 outputs lose about a decimal digit. */
const BOUND_OF_FOUR = 1e-5;

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

async function check(conv: RandomConv, stream: Random, four = false): Promise<void> {
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
    const { values, scales } = sums[i]!;
    // Values of a tile share its errors, so that those of few terms have those of their neighbours.
    const least = four ? scales.reduce((a, b) => Math.max(a, b), 0) : 0;
    const off = difference(
      await result.data(),
      values,
      scales.map((scale) => Math.max(scale, least)),
    );
    expect(off, JSON.stringify(conv)).toBeLessThan(four ? BOUND_OF_FOUR : BOUND);
  }
  dispose([x, filter, dy, ...results]);
}

/** A convolution that Winograd's algorithm pays for, and the size of what it computes. */
function randomWinograd(stream: Random, dilation: number): RandomConv & { readonly sizes: [number, number] } {
  const whole = (low: number, high: number) => low + Math.floor(stream.next() * (high - low + 1));
  const image = [whole(12, 16) * dilation - whole(0, 1), whole(12, 16) * dilation] as const;
  const [batch, from, to] = [dilation > 1 ? 1 : 2, 8 * whole(4, 6), 8 * whole(4, 7)];
  const padding: RandomConv['padding'] = [
    [whole(0, 3), whole(0, 3)],
    [whole(0, 3), whole(0, 3)],
  ];
  const sizes = image.map((n, axis) => n + padding[axis]![0] + padding[axis]![1] - 2 * dilation) as [number, number];
  return {
    input: [batch, ...image, from],
    filter: [3, 3, from, to],
    output: [batch, ...sizes, to],
    strides: [1, 1],
    dilations: [dilation, dilation],
    padding,
    sizes,
  };
}

/** Convolutions, fused ones, and both gradients equal loops in doubles, on `cases` settings at random. */
export function testConv2d(cases: number, threads: number): void {
  beforeAll(async () => {
    await startThreads(threads);
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

    describe.each([2, 4] as const)('three by three taps, in tiles of %d', (size) => {
      beforeAll(() => {
        kernelSettings.winograd = size;
      });
      afterAll(() => {
        kernelSettings.winograd = 2;
      });

      test.each([1, 2, 3])('dilation %d', async (dilation) => {
        const stream = random(6 * dilation + size);
        for (let i = 0; i < cases / 100; i++) {
          const conv = randomWinograd(stream, dilation);
          const g = convGeometry(conv.input, conv.filter, attributesOf(conv));
          expect(winogradSize(g, size, ...conv.sizes)).toBe(size);
          await check(conv, stream, size === 4);
        }
      });
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
