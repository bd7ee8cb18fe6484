import { expect, test } from 'vitest';
import * as cam from './index';
import * as kernels from './kernels/index';

test('the names that are exported', () => {
  expect(Object.keys(cam).sort()).toMatchInlineSnapshot(`
    [
      "ablationCam",
      "addBackground",
      "classActivationMap",
      "colormaps",
      "eigenCam",
      "fullGrad",
      "fuseCams",
      "gradCam",
      "gradCamPlusPlus",
      "hiResCam",
      "layerCam",
      "multiScaleCam",
      "normalizeCam",
      "overlay",
      "scoreCam",
      "seeds",
      "xGradCam",
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
