import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { runShader } from './run-shader';

/**
 * Conversion to floats. Stock WebGPU gives the whole numbers the name of floats, which kernels that read them without
 * a conversion, as that which transposes, do not compile for.
 */
export function castToFloats(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { x } = call.inputs as { x: TensorInfo };
      const whole = x.dtype === 'int32' || x.dtype === 'bool';
      if (!whole || call.attrs?.dtype !== 'float32') return stock.kernelFunc(call);
      const shader = { shape: x.shape, ints: {}, code: 'value = getX(index);' };
      return runShader('Cast', call.backend as Parameters<typeof runShader>[1], { x }, shader);
    },
  };
}
