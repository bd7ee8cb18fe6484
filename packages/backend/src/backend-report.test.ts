import { version_core, zeros } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { backendReport } from './backend-report';
import { useBackend } from './use-backend';

test('before a backend is in use', () => {
  expect(backendReport()).toMatch(/^backend {4}none in use yet\n/);
});

test('what is in use, and what it holds', async () => {
  await useBackend('wasm', { threads: 2 });
  const kept = zeros([1024, 1024]);
  const lines = new Map(
    backendReport()
      .split('\n')
      .map((line) => [line.slice(0, 11).trim(), line.slice(11)]),
  );
  kept.dispose();
  expect(Object.fromEntries(lines)).toEqual({
    backend: 'wasm',
    device: 'WebAssembly SIMD',
    threads: '2',
    package: expect.stringMatching(/^@tensorflow\/tfjs-backend-wasm 4\./),
    kernels: 'of @wsss/backend',
    SIMD: 'yes',
    gradients: 'not of @wsss/backend/gradients: it is not imported',
    'tfjs-core': version_core,
    runtime: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    memory: expect.stringMatching(/^1 tensor, 4\.0 MiB, heap \d+\.\d MiB$/),
  });
  await import('./gradients');
  expect(backendReport()).toContain('gradients  of @wsss/backend/gradients\n');
  await useBackend('cpu');
  expect(backendReport()).toMatch(/device {5}JavaScript\n/);
});
