import { expect, test } from 'vitest';
import { withNavigatorGpu } from './find-gpu';

test('navigator.gpu is there as long as the function runs, and no longer', () => {
  const gpu = {} as GPU;
  const seen = () => (globalThis as { navigator?: { gpu?: GPU } }).navigator;
  const before = seen();
  expect(withNavigatorGpu(gpu, () => seen()?.gpu)).toBe(gpu);
  expect(seen()).toBe(before);
  expect(() =>
    withNavigatorGpu(gpu, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(seen()).toBe(before);
  expect(seen() && 'gpu' in seen()!).toBeFalsy();
});
