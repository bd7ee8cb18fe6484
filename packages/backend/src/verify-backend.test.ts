import {
  engine,
  type GradConfig,
  getGradient,
  memory,
  mul,
  registerGradient,
  type Tensor,
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
    const relu = getGradient('Relu');
    registerGradient({ ...relu, gradFunc: (dy) => ({ x: () => mul(dy as Tensor, 2) }) } as GradConfig);
    const doubled = await verifyBackend();
    registerGradient({
      ...relu,
      gradFunc: (dy, saved, attributes) => {
        engine().keep(mul(dy as Tensor, 1));
        return relu.gradFunc(dy, saved, attributes);
      },
    });
    const leaking = await verifyBackend();
    registerGradient(relu);
    const wrong = ({ rows }: typeof doubled) =>
      rows.filter(({ ok }) => !ok).map(({ operation, problem }) => [operation, problem]);
    expect(wrong(doubled)).toEqual([['relu [3, 5, 2]', expect.stringMatching(/^its gradient is off by \d/)]]);
    expect(doubled.table).toContain('1 FAIL');
    expect(wrong(leaking)).toEqual([['relu [3, 5, 2]', 'it leaves 1 tensors behind']]);
    const strict = await verifyBackend({ forward: 0 });
    expect(wrong(strict).length).toBeGreaterThan(50);
    expect(wrong(strict)[0]![1]).toMatch(/^its output is off by/);
  });
});
