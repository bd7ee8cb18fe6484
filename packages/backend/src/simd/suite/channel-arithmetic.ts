import { dispose, memory, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { linearTaps } from '../../kernels/resize-taps';
import { useBackend } from '../../use-backend';
import { simdBatchNorm, simdCentredProducts } from '../batch-norm';
import { simdBoundedGradient } from '../bounded-gradient';
import { channelLayout, simdAdd, simdMultiply, simdSub } from '../channel-arithmetic';
import { simdResizeBilinearGrad } from '../resize-bilinear-grad';
import { difference, draw, runAccelerated } from './test-support';

const BOUND = 2e-6;
const WIDTHS = [2, 3, 4, 7, 16, 21, 40];

type Combine = (a: number, b: number) => number;
const operations: readonly [string, typeof simdAdd, Combine][] = [
  ['Add', simdAdd, (a, b) => a + b],
  ['Sub', simdSub, (a, b) => a - b],
  ['Multiply', simdMultiply, (a, b) => a * b],
];

/** Values of a channel that meet pixels, batch norm and gradients of resizing equal loops in doubles. */
export function testChannelArithmetic(): void {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  test('which operands have one value a channel', () => {
    expect(channelLayout([2, 3, 4, 5], [5])).toEqual({ groups: 1, rows: 24, channels: 5 });
    expect(channelLayout([2, 3, 4, 5], [1, 1, 5])).toEqual({ groups: 1, rows: 24, channels: 5 });
    expect(channelLayout([2, 3, 4, 5], [2, 1, 1, 5])).toEqual({ groups: 2, rows: 12, channels: 5 });
    expect(channelLayout([2, 3, 4, 5], [2, 3, 1, 5])).toEqual({ groups: 6, rows: 4, channels: 5 });
    expect(channelLayout([1, 3, 4, 5], [1, 1, 1, 5])).toEqual({ groups: 1, rows: 12, channels: 5 });
    for (const narrow of [[], [1], [3, 4, 5], [2, 1, 4, 5], [4, 1], [1, 1, 1, 1, 5]]) {
      expect(channelLayout([2, 3, 4, 5], narrow)).toBeUndefined();
    }
    expect(channelLayout([300, 1], [1])).toBeUndefined();
  });

  test.each(WIDTHS)('sums, differences and products with one value a channel, %d channels', async (c) => {
    const stream = random(c);
    const wide = draw(stream, [2, 9, 11, c]);
    const xs = await wide.data();
    for (const shape of [[c], [1, 1, 1, c], [2, 1, 1, c], [2, 9, 1, c]]) {
      const narrow = draw(stream, shape);
      const vs = await narrow.data();
      const group = wide.size / (vs.length / c);
      for (const [name, kernel, f] of operations) {
        const before = memory().numTensors;
        for (const [a, b, at] of [
          [wide, narrow, (x: number, v: number) => f(x, v)],
          [narrow, wide, (x: number, v: number) => f(v, x)],
        ] as [Tensor, Tensor, Combine][]) {
          const y = runAccelerated(kernel, { a, b }, {});
          expect(y.shape).toEqual(wide.shape);
          const wanted = Float32Array.from(xs, (x, i) => at(x, vs[Math.floor(i / group) * c + (i % c)]!));
          expect(await y.data(), `${name} ${shape}`).toEqual(wanted);
          y.dispose();
        }
        expect(memory().numTensors).toBe(before);
      }
      narrow.dispose();
    }
    wide.dispose();
  });

  test('few values, and operands of other kinds, are left to the stock kernels', () => {
    const refused = 'our WebAssembly did not take it';
    const [few, one, same] = [draw(random(1), [4, 8]), draw(random(2), [8]), draw(random(3), [40, 8])];
    const column = draw(random(4), [40, 1]);
    expect(() => runAccelerated(simdAdd, { a: few, b: one }, {})).toThrow(refused);
    expect(() => runAccelerated(simdAdd, { a: same, b: same }, {})).toThrow(refused);
    expect(() => runAccelerated(simdMultiply, { a: same, b: column }, {})).toThrow(refused);
    dispose([few, one, same, column]);
  });

  test.each(WIDTHS)('batch norm with and without scale and offset, %d channels', async (c) => {
    const stream = random(c);
    const [x, mean, raw, offset, scale] = [[2, 5, 7, c], [c], [c], [c], [c]].map((shape) => draw(stream, shape)) as [
      Tensor,
      ...Tensor[],
    ];
    const [xs, ms, vs, os, ss] = await Promise.all([x, mean!, raw!, offset!, scale!].map((each) => each.data()));
    const squares = Float32Array.from(vs!, (v) => v * v);
    const positive = tensor(squares, [c]);
    for (const [o, s] of [
      [offset, scale],
      [undefined, scale],
      [offset, undefined],
      [undefined, undefined],
    ]) {
      const inputs = { x, mean, variance: positive, ...(o && { offset: o }), ...(s && { scale: s }) };
      const y = runAccelerated(simdBatchNorm, inputs, { varianceEpsilon: 1e-3 });
      const [sums, scales] = [new Float64Array(x.size), new Float64Array(x.size)];
      for (let i = 0; i < x.size; i++) {
        const j = i % c;
        const factor = (s ? ss![j]! : 1) / Math.sqrt(squares[j]! + 1e-3);
        const terms = [xs![i]! * factor, -ms![j]! * factor, o ? os![j]! : 0];
        sums[i] = terms.reduce((a, b) => a + b);
        scales[i] = terms.reduce((a, b) => a + Math.abs(b), 0);
      }
      expect(difference(await y.data(), sums, scales)).toBeLessThan(BOUND);
      y.dispose();
    }
    const dy = draw(stream, x.shape);
    const products = runAccelerated(simdCentredProducts, { dy, x, mean }, {});
    const [sums, scales] = [new Float64Array(c), new Float64Array(c)];
    (await dy.data()).forEach((slope, i) => {
      sums[i % c]! += slope * (xs![i]! - ms![i % c]!);
      scales[i % c]! += Math.abs(slope) * (Math.abs(xs![i]!) + Math.abs(ms![i % c]!));
    });
    expect(difference(await products.data(), sums, scales)).toBeLessThan(BOUND);
    dispose([x, dy, products, mean!, raw!, offset!, scale!, positive]);
  });

  test.each([1, 3, 4, 7, 1021])('the gradient of ReLU and ReLU6, %d values', async (size) => {
    const stream = random(size);
    const dy = draw(stream, [size]);
    const corners = [0, 6, -1, 3, 7, 1e-30, 5.9999995, -0];
    const values = Float32Array.from({ length: size }, (_, i) => corners[i % corners.length]!);
    const y = tensor(values, [size]);
    const dys = await dy.data();
    for (const high of [6, Number.POSITIVE_INFINITY]) {
      const dx = runAccelerated(simdBoundedGradient, { dy, y }, { high });
      expect(await dx.data()).toEqual(values.map((v, i) => (v > 0 && v < high ? dys[i]! : 0)));
      dx.dispose();
    }
    dispose([dy, y]);
  });

  test.each([
    ['up', [2, 3, 5, 4], [17, 9]],
    ['down', [1, 19, 11, 3], [4, 5]],
    ['to one', [1, 6, 7, 21], [1, 1]],
    ['from one', [2, 1, 1, 7], [5, 8]],
  ] as const)('the gradient of a bilinear resize, %s', async (_, shape, to) => {
    const [batch, height, width, channels] = shape;
    for (const attributes of [
      { alignCorners: true, halfPixelCenters: false },
      { alignCorners: false, halfPixelCenters: true },
      { alignCorners: false, halfPixelCenters: false },
    ]) {
      const stream = random(height);
      const [images, dy] = [draw(stream, shape), draw(stream, [batch, ...to, channels])];
      const before = memory().numTensors;
      const dx = runAccelerated(simdResizeBilinearGrad, { dy, images }, { ...attributes, size: to });
      expect([dx.shape, memory().numTensors]).toEqual([shape, before + 1]);
      const dys = await dy.data();
      const [sums, scales] = [new Float64Array(dx.size), new Float64Array(dx.size)];
      const full = { ...attributes, size: [...to] as [number, number] };
      const [rows, columns] = [linearTaps(height, to[0], full), linearTaps(width, to[1], full)];
      for (let i = 0; i < dys.length; i++) {
        const channel = i % channels;
        const pixel = Math.floor(i / channels);
        const [x, y, n] = [pixel % to[1], Math.floor(pixel / to[1]) % to[0], Math.floor(pixel / to[1] / to[0])];
        const [v, u] = [rows.weight[y]!, columns.weight[x]!];
        for (const [row, a] of [
          [rows.low[y]!, 1 - v],
          [rows.high[y]!, v],
        ] as const) {
          for (const [column, b] of [
            [columns.low[x]!, 1 - u],
            [columns.high[x]!, u],
          ] as const) {
            const place = ((n * height + row) * width + column) * channels + channel;
            sums[place]! += dys[i]! * a * b;
            scales[place]! += Math.abs(dys[i]! * a * b);
          }
        }
      }
      expect(difference(await dx.data(), sums, scales)).toBeLessThan(BOUND);
      dispose([images, dy, dx]);
    }
  });
}
