import {
  add,
  clone,
  conv2d,
  depthwiseConv2d,
  getKernel,
  matMul,
  memory,
  ones,
  reshape,
  sum,
  type Tensor,
  tidy,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import '../gradients';
import { useBackend } from '../use-backend';
import { type Profile, profile } from './profile';

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const quiet = { print: false };
const row = ({ rows }: Profile<unknown>, kernel: string) => rows.find((each) => each.kernel === kernel);

describe.each(['wasm', 'cpu'] as const)('%s', (name) => {
  beforeEach(async () => {
    await useBackend(name);
  });

  test('kernels by shape: calls, products, bytes, and the sum of their times', async () => {
    const [x, filter, wide] = [ones([2, 6, 8, 4]), ones([3, 3, 4, 5]), ones([3, 3, 4, 1])] as [Tensor, Tensor, Tensor];
    const result = await profile(() => {
      tidy(() => {
        for (let i = 0; i < 3; i++) conv2d(x as never, filter as never, 2, 'same');
        conv2d(x as never, filter as never, 1, 'valid');
        depthwiseConv2d(x as never, wide as never, 1, 'same');
        matMul(ones([4, 7]), ones([3, 7]), false, true);
      });
      return 'done';
    }, quiet);
    expect(result.value).toBe('done');
    expect(console.log).not.toHaveBeenCalled();
    const convs = result.rows.filter(({ kernel }) => kernel === 'Conv2D').sort((a, b) => b.calls - a.calls);
    expect(convs.map(({ shape, calls, flops }) => [shape, calls, flops])).toEqual([
      ['2×6×8×4, 3×3×4×5 → 2×3×4×5, stride 2', 3, 3 * 2 * (2 * 3 * 4 * 5) * 36],
      ['2×6×8×4, 3×3×4×5 → 2×4×6×5', 1, 2 * (2 * 4 * 6 * 5) * 36],
    ]);
    expect(convs[1]!.bytes).toBe(4 * (x.size + filter.size + 2 * 4 * 6 * 5));
    expect(row(result, 'DepthwiseConv2dNative')!.flops).toBe(2 * 2 * 6 * 8 * 4 * 9);
    const product = row(result, 'BatchMatMul')!;
    expect([product.shape, product.flops]).toEqual(['4×7, 3×7 → 4×3, B transposed', 2 * 4 * 3 * 7]);
    expect(result.kernels.find(({ kernel }) => kernel === 'Conv2D')!.calls).toBe(4);
    expect(result.kernelSeconds).toBeCloseTo(
      result.rows.reduce((sum, { seconds }) => sum + seconds, 0),
      9,
    );
    expect(result.kernelSeconds).toBeGreaterThan(0);
    expect(result.seconds).toBeGreaterThanOrEqual(result.kernelSeconds);
    expect(result.calls).toBe(result.rows.reduce((sum, { calls }) => sum + calls, 0));
    expect(result.unknown).toEqual([]);
    for (const tensor of [x, filter, wide]) tensor.dispose();
  });

  test('a pass backward: gradients count as many products as the convolution', async () => {
    const images = ones([1, 8, 8, 3]) as never;
    const filter = variable(ones([3, 3, 3, 4]));
    const { value, ...result } = await profile(
      () => variableGrads(() => sum(conv2d(images, filter as never, 1, 'same')), [filter]),
      quiet,
    );
    expect(row({ ...result, value }, 'Conv2DBackpropFilter')!.flops).toBe(row({ ...result, value }, 'Conv2D')!.flops);
    value.value.dispose();
    for (const gradient of Object.values(value.grads)) gradient.dispose();
    filter.dispose();
    (images as Tensor).dispose();
  });

  test('the most bytes that tensors took, a view adding none', async () => {
    const before = memory().numBytes;
    const { value, peakBytes, bytesBefore, bytesAfter, heapBytes } = await profile(() => {
      const first = ones([1000]);
      const view = reshape(first, [10, 100]);
      first.dispose();
      const second = add(view, 1);
      const shared = clone(view);
      view.dispose();
      shared.dispose();
      return second;
    }, quiet);
    expect([bytesBefore - before, peakBytes - before, bytesAfter - before]).toEqual([0, 8004, 4000]);
    if (name === 'wasm') expect(heapBytes).toBeGreaterThanOrEqual(2 ** 24);
    else expect(heapBytes).toBeUndefined();
    value.dispose();
  });

  test('leaves kernels and tensors as they were, after an error too', async () => {
    const [kernel, tensors] = [getKernel('Add', name).kernelFunc, memory().numTensors];
    const failed = profile(async () => {
      expect(getKernel('Add', name).kernelFunc).not.toBe(kernel);
      await expect(profile(() => 0, quiet)).rejects.toThrow(ValueError);
      throw new RangeError('from within');
    }, quiet);
    await expect(failed).rejects.toThrow(RangeError);
    expect(getKernel('Add', name).kernelFunc).toBe(kernel);
    await profile(() => tidy(() => void add(ones([3]), 1)), quiet);
    expect(memory().numTensors).toBe(tensors);
  });
});

test('prints a table of kernels, shapes and memory', async () => {
  await useBackend('wasm', { threads: 1 });
  const { table } = await profile(
    () =>
      tidy(() => {
        const x = ones([1, 16, 16, 8]);
        for (const size of [1, 2, 3]) conv2d(x as never, ones([size, size, 8, 8]), 1, 'same');
      }),
    { mostRows: 2 },
  );
  expect(console.log).toHaveBeenCalledExactlyOnceWith(table);
  const lines = table.replaceAll(/\d+\.\d+/g, '#').split('\n');
  expect(lines[0]).toBe("backend 'wasm' (WebAssembly SIMD, 1 thread): # ms, 3 calls of kernels");
  expect(lines[2]).toMatch(/^kernel +calls +ms +share +GFLOP\/s +GB\/s$/);
  expect(table).toMatch(/\nConv2D +3 +[\d.]+ +[\d.]+ % +[\d.]+ +[\d.]+\n/);
  expect(table).toMatch(/\noutside kernels +[\d.]+ +[\d.]+ %\n/);
  expect(lines).toContain('… and 1 more shape');
  expect(lines.at(-2)).toBe('tensors  # MiB at most, # MiB before, # MiB after');
  expect(lines.at(-1)).toBe('heap     # MiB, # MiB of them new');
  // Columns stand below each other.
  const widths = table
    .split('\n')
    .slice(2, 4)
    .map((line) => line.length);
  expect(widths[0]).toBe(widths[1]);
});

test('arguments', async () => {
  await expect(profile(3 as never)).rejects.toThrow('profile: expected `f` to be a function, got 3.');
  await expect(profile(() => 0, { mostRows: -1 })).rejects.toThrow(ValueError);
});
