import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../errors';
import { random } from '../random';
import { hostTensor } from '../tensor-like';
import { conv2d } from './conv2d';

interface Case {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  stride?: number | [number, number];
  padding?: number | [number, number];
  dilation?: number | [number, number];
  groups?: number;
}

const cases: Case[] = [
  { x: [2, 7, 5, 3], filter: [3, 3, 3, 4], padding: 1 },
  { x: [1, 8, 6, 3], filter: [3, 3, 3, 8], stride: 2, padding: 1 },
  { x: [1, 9, 11, 2], filter: [7, 7, 2, 3], stride: 2, padding: 3 },
  { x: [2, 9, 7, 4], filter: [3, 3, 4, 5], padding: 2, dilation: 2 },
  { x: [1, 10, 13, 4], filter: [3, 3, 4, 5], padding: 4, dilation: 4 },
  { x: [1, 12, 9, 3], filter: [3, 3, 3, 2], stride: 3, padding: 1 },
  { x: [1, 8, 9, 3], filter: [1, 5, 3, 2], padding: [0, 2] },
  { x: [1, 8, 9, 3], filter: [3, 1, 3, 2], padding: [1, 0], stride: [1, 2] },
  { x: [1, 6, 7, 5], filter: [1, 1, 5, 6], stride: 2 },
  { x: [2, 8, 7, 6], filter: [3, 3, 1, 6], padding: 1, groups: 6 },
  { x: [1, 8, 7, 6], filter: [3, 3, 1, 6], padding: 1, stride: 2, groups: 6 },
  { x: [1, 9, 7, 6], filter: [3, 3, 1, 6], padding: 2, dilation: 2, groups: 6 },
  { x: [1, 7, 6, 4], filter: [3, 3, 1, 12], padding: 1, groups: 4 },
  { x: [2, 7, 6, 6], filter: [3, 3, 2, 9], padding: 1, groups: 3 },
  { x: [1, 9, 8, 8], filter: [3, 3, 4, 6], padding: 2, dilation: 2, groups: 2 },
  { x: [1, 11, 9, 3], filter: [3, 3, 3, 4], padding: 2, dilation: 2, stride: 2 },
];

describe.each(['cpu', 'wasm'])('conv2d on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  test.each(cases)('$x ⋆ $filter, stride $stride, padding $padding, dilation $dilation, groups $groups', async (c) => {
    const x = values(c.x, 'x');
    const filter = values(c.filter, 'filter');
    const bias = values([c.filter[3]], 'bias');
    const before = memory().numTensors;
    const y = conv2d(x, filter, { ...c, bias });
    expect(memory().numTensors).toBe(before + 1);
    const expected = reference(x.values, filter.values, bias.values, c);
    expect(y.shape).toEqual(expected.shape);
    const got = await y.data();
    for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - expected.values[i]!)).toBeLessThan(2e-6 * 20);
    y.dispose();
  });

  test.each(['relu', 'relu6'] as const)('%s is applied after the bias', async (activation) => {
    const x = values([1, 6, 5, 4], 'x', 6);
    for (const [filter, groups] of [
      [values([3, 3, 4, 8], 'f'), 1],
      [values([3, 3, 1, 4], 'f'), 4],
      [values([3, 3, 2, 4], 'f'), 2],
    ] as const) {
      const bias = values([filter.shape[3]!], 'b');
      const plain = conv2d(x, filter, { bias, groups, padding: 1 });
      const active = conv2d(x, filter, { bias, groups, padding: 1, activation });
      const most = activation === 'relu6' ? 6 : Number.POSITIVE_INFINITY;
      const expected = (await plain.data()).map((v) => Math.min(Math.max(v, 0), most));
      const got = await active.data();
      for (let i = 0; i < got.length; i++) expect(got[i]).toBeCloseTo(expected[i]!, 5);
      plain.dispose();
      active.dispose();
    }
  });

  test('takes integers, as photos come', async () => {
    const photo = hostTensor(Uint8Array.of(0, 100, 200, 255), [1, 2, 2, 1]);
    const filter = tensor([0.5], [1, 1, 1, 1]);
    const y = conv2d(photo, filter);
    expect([...(await y.data())]).toEqual([0, 50, 100, 127.5]);
    for (const t of [filter, y]) t.dispose();
  });

  test('takes tensors and leaves them alone', async () => {
    const x = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
    const filter = tensor([2], [1, 1, 1, 1]);
    const y = tidy(() => conv2d(x, filter));
    expect([...(await y.data())]).toEqual([2, 4, 6, 8]);
    expect(x.isDisposed || filter.isDisposed).toBe(false);
    for (const t of [x, filter, y]) t.dispose();
  });
});

describe('conv2d says what is wrong', () => {
  const x = hostTensor(new Float32Array(1 * 4 * 4 * 3), [1, 4, 4, 3]);
  const filter = hostTensor(new Float32Array(3 * 3 * 3 * 2), [3, 3, 3, 2]);
  test('shapes', () => {
    expect(() => conv2d(hostTensor(new Float32Array(48), [4, 4, 3]), filter)).toThrow(
      'conv2d: expected `x` of shape [n, h, w, C], got [4, 4, 3].',
    );
    expect(() => conv2d(x, hostTensor(new Float32Array(36), [3, 3, 2, 2]))).toThrow(ShapeError);
    expect(() => conv2d(x, hostTensor(new Float32Array(36), [3, 3, 2, 2]))).toThrow(/`x` has 3 channels/);
    expect(() => conv2d(x, filter, { bias: hostTensor(new Float32Array(3), [3]) })).toThrow(ShapeError);
    expect(() => conv2d(x, filter, { dilation: 2 })).toThrow('to be at least 5 in height');
  });
  test('options', () => {
    expect(() => conv2d(x, filter, { stride: 0 })).toThrow(ValueError);
    expect(() => conv2d(x, filter, { stride: 1.5 })).toThrow(ValueError);
    expect(() => conv2d(x, filter, { padding: -1 })).toThrow(ValueError);
    expect(() => conv2d(x, filter, { dilation: 0 })).toThrow(ValueError);
    expect(() => conv2d(x, filter, { groups: 3 })).toThrow('`groups` to divide the 2 output channels');
    expect(() => conv2d(x, filter, { activation: 'gelu' as 'relu' })).toThrow(ValueError);
  });
});

function values(shape: number[], name: string, scale = 1) {
  const stream = random(7).fork(name);
  const size = shape.reduce((a, b) => a * b, 1);
  return hostTensor(
    Float32Array.from({ length: size }, () => scale * stream.normal()),
    shape,
  );
}

/** The definition, in float64. */
function reference(x: Float32Array, filter: Float32Array, bias: Float32Array, c: Case) {
  const both = (v: number | [number, number] | undefined, d: number) =>
    typeof v === 'object' ? v : ([v ?? d, v ?? d] as const);
  const [n, h, w, channels] = c.x;
  const [kh, kw, inner, outputs] = c.filter;
  const [sy, sx] = both(c.stride, 1);
  const [py, px] = both(c.padding, 0);
  const [dy, dx] = both(c.dilation, 1);
  const rows = Math.floor((h + 2 * py - dy * (kh - 1) - 1) / sy) + 1;
  const columns = Math.floor((w + 2 * px - dx * (kw - 1) - 1) / sx) + 1;
  const result = new Float64Array(n * rows * columns * outputs);
  let at = 0;
  for (let b = 0; b < n; b++) {
    for (let y = 0; y < rows; y++) {
      for (let z = 0; z < columns; z++) {
        for (let o = 0; o < outputs; o++) {
          let sum = bias[o]!;
          const group = Math.floor(o / (outputs / (c.groups ?? 1)));
          for (let i = 0; i < kh; i++) {
            for (let j = 0; j < kw; j++) {
              const r = y * sy - py + i * dy;
              const s = z * sx - px + j * dx;
              if (r < 0 || s < 0 || r >= h || s >= w) continue;
              for (let k = 0; k < inner; k++) {
                const channel = group * inner + k;
                sum +=
                  x[((b * h + r) * w + s) * channels + channel]! * filter[((i * kw + j) * inner + k) * outputs + o]!;
              }
            }
          }
          result[at++] = sum;
        }
      }
    }
  }
  return { values: result, shape: [n, rows, columns, outputs] };
}
