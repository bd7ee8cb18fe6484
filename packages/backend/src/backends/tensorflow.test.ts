import { BackendError, ValueError } from '@wsss/core';
import { expect, test } from 'vitest';
import { loadTfjsNode } from '../tensorflow/load-tfjs-node';
import type { ModuleLoad } from '../tensorflow/node-modules';
import { withOldUtil } from '../tensorflow/with-old-util';
import { useBackend } from '../use-backend';

const installed = process.env.WSSS_BACKENDS?.includes('tensorflow') === true;

if (installed) {
  test('it starts, and says what it computes with', async () => {
    expect(await useBackend('tensorflow')).toMatchObject({
      name: 'tensorflow',
      device: expect.stringMatching(/^TensorFlow 2\.\d+\.\d+, [CG]PU$/),
      trainable: true,
    });
    await expect(useBackend('tensorflow', { threads: 100 })).rejects.toThrow('threads already');
    expect(loadTfjsNode().name).toMatch(/^@tensorflow\/tfjs-node/);
  });
} else {
  test('without its package: an error with the command that installs it', async () => {
    const missing = useBackend('tensorflow');
    await expect(missing).rejects.toThrow(BackendError);
    await expect(missing).rejects.toThrow(
      "backend 'tensorflow': neither of the packages @tensorflow/tfjs-node and @tensorflow/tfjs-node-gpu is installed.\n" +
        'npx @wsss/backend install tensorflow',
    );
  });
}

test('a number of threads that is none is an error', async () => {
  await expect(useBackend('tensorflow', { threads: 0 })).rejects.toThrow(ValueError);
});

test('only its own files get the functions that Node took away, and Node keeps none of them', () => {
  const util = { inspect: () => 'node' };
  const original: ModuleLoad = (request) => (/util$/.test(request) ? util : request);
  const modules = { _load: original };
  const load = (request: string, filename?: string) => modules._load(request, { filename }, false);
  const [theirs, others, path] = withOldUtil(modules, () => [
    load('util', '/app/node_modules/@tensorflow/tfjs-node/dist/backend.js') as Record<string, (v: unknown) => unknown>,
    load('node:util', '/app/node_modules/tar/index.js'),
    load('path', '/app/node_modules/@tensorflow/tfjs-node/dist/backend.js'),
  ]);
  expect([theirs.isNullOrUndefined!(null), theirs.isNullOrUndefined!(0), theirs.isArray!([])]).toEqual([
    true,
    false,
    true,
  ]);
  expect(theirs.inspect!(1)).toBe('node');
  expect(others).toBe(util);
  expect(path).toBe('path');
  expect(util).not.toHaveProperty('isNullOrUndefined');
  expect(modules._load).toBe(original);
  const failing = () =>
    withOldUtil(modules, () => {
      throw new TypeError('broken');
    });
  expect(failing).toThrow(TypeError);
  expect(modules._load).toBe(original);
});
