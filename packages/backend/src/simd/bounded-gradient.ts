import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { BoundedAttributes } from '../kernels/bounded-gradient';
import { accelerate } from './accelerate';

/** The gradient of ReLU and ReLU6, in one pass. */
export const simdBoundedGradient = accelerate<{ dy: TensorInfo; y: TensorInfo }, BoundedAttributes>(
  (module, { dy, y }, { high }) => {
    const out = module.output(y.shape);
    const [gradient, values, target] = [module.address(dy), module.address(y), module.address(out)];
    module.boundedGradient(gradient, values, target, util.sizeFromShape(y.shape), high);
    return out;
  },
);
