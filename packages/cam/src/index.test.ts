import { expect, test } from 'vitest';
import * as cam from './index';
import * as kernels from './kernels/index';

test('the names that are exported', () => {
  expect(Object.keys(cam).sort()).toMatchInlineSnapshot(`
    [
      "addBackground",
      "classActivationMap",
      "colormaps",
      "fuseCams",
      "multiScaleCam",
      "normalizeCam",
      "overlay",
      "seeds",
    ]
  `);
  expect(Object.keys(kernels).sort()).toMatchInlineSnapshot(`
    [
      "activate",
      "addBackground",
      "classActivationMap",
      "normalizeCam",
      "seeds",
    ]
  `);
});
