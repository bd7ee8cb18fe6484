import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type PoolAttributes, poolGeometry } from '../kernels/pool-geometry';
import { accelerate } from './accelerate';
import { forwardWindow, windowBytes, windowWords } from './window';

/** The gradient of a maximum goes to its first place in the window, row by row, as in torch. */
export const simdMaxPoolGrad = accelerate<{ dy: TensorInfo; input: TensorInfo }, PoolAttributes>(
  (module, { dy, input }, attributes) => {
    const window = forwardWindow(poolGeometry(input.shape, attributes));
    const out = module.output(input.shape);
    module.clear(out);
    module.scratch(windowBytes(window.offsets.length), (at) => {
      module.write(at, windowWords(window, module.address(input), at));
      module.maxPoolGradient(at, module.address(dy), module.address(out));
    });
    return out;
  },
);
