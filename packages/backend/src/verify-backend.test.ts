import {
  getGradient,
  getKernel,
  keep,
  memory,
  mul,
  registerGradient,
  registerKernel,
  type Tensor,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from './use-backend';
import { verifyBackend } from './verify-backend';

test('before any backend is in use, that is the remedy', async () => {
  await expect(verifyBackend()).rejects.toThrow("backend 'none': no backend is in use.\nawait useBackend('wasm')");
});

test('without our gradients, it says to import them', async () => {
  await useBackend('wasm');
  const { ok, rows, table } = await verifyBackend();
  expect(ok).toBe(false);
  expect(rows.find(({ operation }) => operation.startsWith('conv2d'))).toMatchObject({
    ok: false,
    problem: 'Cannot compute gradient: gradient function not found for Conv2D.',
    remedy: "import '@wsss/backend/gradients'",
  });
  expect(table).toMatch(/\d+ of \d+ cases FAIL$/);
});

describe('with our gradients', () => {
  beforeAll(async () => {
    await import('./gradients');
  });

  test.each(['wasm', 'cpu'] as const)('everything passes on %s', async (name) => {
    await useBackend(name);
    const before = memory().numTensors;
    const { backend, ok, rows, table } = await verifyBackend();
    expect(rows.filter((row) => !row.ok)).toEqual([]);
    expect({ backend, ok }).toEqual({ backend: name, ok: true });
    expect(rows.length).toBeGreaterThan(200);
    expect(table).toContain(`all ${rows.length} cases pass`);
    expect(memory().numTensors).toBe(before);
  });

  test('a gradient that is wrong, a kernel that is wrong, a leak: each is found', async () => {
    await useBackend('wasm');
    const [relu, elu] = [getGradient('Relu'), getGradient('Elu')];
    const softplus = getKernel('Softplus', 'wasm');
    registerGradient({ ...relu, gradFunc: (dy) => ({ x: () => mul(dy as Tensor, 2) }) });
    registerGradient({
      ...elu,
      gradFunc: (dy, saved, attributes) => {
        keep(mul(dy as Tensor, 1));
        return elu.gradFunc(dy, saved, attributes);
      },
    });
    unregisterKernel('Softplus', 'wasm');
    registerKernel({ ...softplus, kernelFunc: ({ inputs }) => mul(inputs.x as Tensor, 1.5) });
    const { ok, rows, table } = await verifyBackend();
    unregisterKernel('Softplus', 'wasm');
    registerKernel(softplus);
    for (const config of [relu, elu]) registerGradient(config);

    expect(ok).toBe(false);
    expect(rows.filter((row) => !row.ok).map(({ operation, problem }) => [operation, problem])).toEqual([
      ['elu [3, 5, 2]', 'it leaves tensors behind: 1'],
      ['logSigmoid [3, 5, 2]', expect.stringMatching(/^its output is off by \d/)],
      ['relu [3, 5, 2]', expect.stringMatching(/^its gradient is off by \d/)],
      ['softplus [3, 5, 2]', expect.stringMatching(/^its output is off by \d/)],
    ]);
    expect(table).toContain('1 FAIL');
    expect(table).toMatch(/4 of \d+ cases FAIL$/);
  });
});
