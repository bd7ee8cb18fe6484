import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  complex,
  dispose,
  fft,
  getGradient,
  getKernel,
  registerGradient,
  relu,
  slice,
  sum,
  tensor,
  tensor1d,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import { installKernels } from '../kernels/install';
import { useBackend } from '../use-backend';
import { gradients } from './index';
import { keepGradients, registerGradients } from './register';

afterEach(() => vi.restoreAllMocks());

const ours = () => gradients.filter((config) => getGradient(config.kernelName) === config).length;

test('every gradient that TensorFlow.js has is among ours', () => {
  const require = createRequire(import.meta.url);
  const source = readFileSync(require.resolve('@tensorflow/tfjs-core/dist/register_all_gradients.js'), 'utf8');
  const files = [...source.matchAll(/from '\.\/gradients\/(\w+)_grad'/g)].map(([, name]) => name!);
  const known = files.map((file) => {
    const config = readFileSync(require.resolve(`@tensorflow/tfjs-core/dist/gradients/${file}_grad.js`), 'utf8');
    return /kernelName: (\w+)/.exec(config)![1]!;
  });
  expect(known.length).toBeGreaterThan(95);
  expect(known.filter((name) => !gradients.some((config) => config.kernelName === name))).toEqual([]);
});

test('no name is registered twice', () => {
  const names = gradients.map(({ kernelName }) => kernelName);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('whatever the order of imports, ours are used', async () => {
  // Theirs first.
  await import('@tensorflow/tfjs-layers');
  const theirs = getGradient('Conv2D');
  expect(theirs).toBeDefined();
  await import('../gradients');
  expect(ours()).toBe(gradients.length);
  // Theirs again, as when they are imported after ours; a backend starts when all imports are done.
  for (const { kernelName } of gradients) registerGradient({ ...theirs, kernelName });
  expect(ours()).toBe(0);
  await useBackend('wasm');
  expect(ours()).toBe(gradients.length);
});

test('a gradient that the program registered itself stays', async () => {
  registerGradients();
  const own = { ...getGradient('Relu') };
  registerGradient(own);
  await useBackend('cpu');
  keepGradients();
  expect(getGradient('Relu')).toBe(own);
  registerGradients();
});

test('doing it again changes nothing', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await useBackend('wasm');
  const [conv, norm] = [getKernel('Conv2D', 'wasm'), getKernel('FusedBatchNorm', 'wasm')];
  registerGradients();
  installKernels(keepGradients);
  await useBackend('cpu');
  await useBackend('wasm');
  expect([getKernel('Conv2D', 'wasm'), getKernel('FusedBatchNorm', 'wasm')]).toEqual([conv, norm]);
  expect(getKernel('Conv2D', 'wasm')).toBe(conv);
  expect(warn).not.toHaveBeenCalled();
});

test('strings pass through the kernels that are replaced', async () => {
  await useBackend('wasm');
  const words = tensor(['a', 'b', 'c']);
  const picked = slice(words, [1], [2]);
  expect([...(await picked.data())]).toEqual(['b', 'c']);
  dispose([words, picked]);
});

test('an operation that nothing depends on needs no gradient', async () => {
  await useBackend('cpu');
  const weight = variable(tensor1d([1, -2]));
  const { grads, value } = variableGrads(() => {
    fft(complex([1, 0], [0, 0]));
    return sum(relu(weight));
  });
  expect([...(await grads[weight.name]!.data())]).toEqual([1, 0]);
  dispose([value, grads, weight]);
});
