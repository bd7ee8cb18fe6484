import { gpuOverlays } from '../gpu/gpu-overlays';
import { tensorflowOverlay } from '../tensorflow/overlay';
import { backprop, stridedSlice, wrappers } from './common-overlay';
import type { Overlay } from './overlay';
import { tensorScatterUpdate } from './scatter';
import { wasmOverlay } from './wasm-overlay';

/** By the backend's name. */
export const overlays: Readonly<Record<string, Overlay>> = {
  wasm: wasmOverlay,
  cpu: {
    kernels: [...backprop, stridedSlice, tensorScatterUpdate],
    wrappers,
  },
  ...gpuOverlays(wrappers),
  tensorflow: tensorflowOverlay,
};
