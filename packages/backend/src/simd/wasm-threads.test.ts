import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  backend,
  dispose,
  engine,
  getKernel,
  memory,
  type NamedAttrMap,
  removeBackend,
  type Tensor,
  type TensorInfo,
  zeros,
} from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import '../gradients';
import { useBackend } from '../use-backend';
import { kernelSettings, type WinogradSize } from './kernel-settings';
import { simdModule } from './simd-module';
import { draw } from './suite/test-support';

beforeAll(async () => {
  await useBackend('wasm', { threads: 3 });
  expect(await simdModule(backend())!.threads!.ready(3)).toBe(3);
});

interface Layer {
  readonly name: string;
  readonly kernel: 'Conv2D' | 'DepthwiseConv2dNative';
  readonly input: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly strides?: number;
  readonly dilations?: number;
}

const layers: readonly Layer[] = [
  { name: '3×3', kernel: 'Conv2D', input: [2, 30, 31, 48], filter: [3, 3, 48, 56] },
  { name: '3×3, dilated', kernel: 'Conv2D', input: [2, 30, 31, 48], filter: [3, 3, 48, 56], dilations: 2 },
  { name: '3×3, strided', kernel: 'Conv2D', input: [2, 30, 31, 61], filter: [3, 3, 61, 53], strides: 2 },
  { name: '1×1', kernel: 'Conv2D', input: [2, 30, 31, 90], filter: [1, 1, 90, 77] },
  { name: 'few pixels', kernel: 'Conv2D', input: [1, 5, 6, 512], filter: [3, 3, 512, 128] },
  { name: 'of an image', kernel: 'Conv2D', input: [1, 96, 90, 3], filter: [7, 7, 3, 33], strides: 2 },
  { name: 'depthwise', kernel: 'DepthwiseConv2dNative', input: [4, 41, 42, 70], filter: [3, 3, 70, 1] },
];

/** A layer and both its gradients, on so many threads. */
function run({ kernel, input, filter, strides = 1, dilations = 1 }: Layer, threads: number): Tensor[] {
  kernelSettings.threads = threads;
  const stream = random(1);
  const out = input.map((n, i) => (i === 1 || i === 2 ? Math.ceil(n / strides) : n));
  if (kernel === 'Conv2D') out[3] = filter[3];
  const [x, w, dy] = [draw(stream, input), draw(stream, filter), draw(stream, out)];
  const attributes = { strides, dilations, pad: 'same', dataFormat: 'NHWC' };
  const call = (name: string, inputs: object, more: object) => {
    const attrs = { ...attributes, ...more } as unknown as NamedAttrMap;
    const { kernelFunc } = getKernel(name, 'wasm');
    const info = kernelFunc({ inputs: inputs as Record<string, TensorInfo>, attrs, backend: backend() });
    return engine().makeTensorFromTensorInfo(info as TensorInfo);
  };
  const results = [
    call(kernel, { x, filter: w }, {}),
    call(`${kernel}BackpropInput`, { dy, filter: w }, { inputShape: input }),
    call(`${kernel}BackpropFilter`, { x, dy }, { filterShape: filter }),
  ];
  dispose([x, w, dy]);
  return results;
}

const bytes = async (tensor: Tensor): Promise<Buffer> => Buffer.from((await tensor.data()).slice().buffer);

describe.each([2, 4, 0] as WinogradSize[])('tiles of %d', (winograd) => {
  test.each(layers)('$name: several threads compute to the bit what one does', async (layer) => {
    kernelSettings.winograd = winograd;
    const one = run(layer, 1);
    for (const threads of [2, 3]) {
      const before = memory().numTensors;
      const many = run(layer, threads);
      expect(memory().numTensors).toBe(before + 3);
      for (const [i, result] of many.entries()) {
        expect((await bytes(result)).equals(await bytes(one[i]!)), `${threads} threads, ${i}`).toBe(true);
      }
      dispose(many);
    }
    dispose(one);
  });
});

test('and so after the memory has grown', async () => {
  const one = run(layers[0]!, 1);
  const heap = (backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const large = zeros([heap / 4]);
  const many = run(layers[0]!, 3);
  for (const [i, result] of many.entries()) expect((await bytes(result)).equals(await bytes(one[i]!))).toBe(true);
  dispose([large, ...one, ...many]);
});

test('a thousand layers leave neither tensors nor memory behind', () => {
  const heap = () => (backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const layer: Layer = { name: '', kernel: 'Conv2D', input: [1, 12, 12, 32], filter: [3, 3, 32, 32] };
  kernelSettings.products = 2 ** 16;
  dispose(run(layer, 2));
  const before = { tensors: memory().numTensors, heap: heap() };
  for (let i = 0; i < 1000; i++) dispose(run(layer, 2));
  expect({ tensors: memory().numTensors, heap: heap() }).toEqual(before);
});

test('a backend that is removed takes its workers along', async () => {
  const threads = simdModule(backend())!.threads!;
  expect(threads.available(3)).toBe(3);
  await useBackend('cpu');
  removeBackend('wasm');
  expect(threads.available(3)).toBe(1);
});

test('a program with workers ends by itself, and leaves the globals alone', () => {
  const program = fileURLToPath(new URL('./wasm-threads.fixture.ts', import.meta.url));
  const args = ['--import', 'tsx', '--conditions=@wsss/source', program];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { timeout: 40_000, encoding: 'utf8' });
  expect(stdout, stderr).toBe('2 threads, globals as before\nlisteners as before\n2 ready\nequal after growth, 1\n');
  expect(status).toBe(0);
});
