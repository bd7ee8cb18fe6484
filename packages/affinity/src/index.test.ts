import { expect, test } from 'vitest';
import * as affinity from './index';
import * as kernels from './kernels/index';

test('the names that are exported', () => {
  expect(Object.keys(affinity).sort()).toMatchInlineSnapshot();
  expect(Object.keys(kernels).sort()).toMatchInlineSnapshot();
});
