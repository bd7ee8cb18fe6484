import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';

/** Runs a kernel of the current backend by its name. */
export function runKernel(name: string, inputs: object, attributes: object): Tensor {
  return engine().runKernel(name, inputs as NamedTensorMap, attributes as unknown as NamedAttrMap) as Tensor;
}
