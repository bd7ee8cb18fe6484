import { kernelSettings } from '../../../packages/backend/src/simd/kernel-settings';

/** Makes programs that call `useBackend` themselves compute on our kernels, or on those of TensorFlow.js. */
export function leaveKernels(kernels: 'own' | 'stock'): void {
  Object.defineProperty(kernelSettings, 'own', { configurable: true, get: () => kernels === 'own', set: () => {} });
}
