import type { Overlay } from './overlay';
import { withAbsentInputs } from './with-absent-inputs';
import { withRememberedAttributes } from './with-remembered-attributes';

/** Backends that have none of our kernels, by the names they are registered under. */
export const ELSEWHERE = ['webgl', 'webgpu', 'rn-webgl'] as const;

/** What our gradients need of any backend. */
export const elsewhere: Overlay = {
  kernels: [],
  wrappers: {
    _FusedMatMul: withRememberedAttributes,
    FusedBatchNorm: withAbsentInputs,
    FusedConv2D: withRememberedAttributes,
    FusedDepthwiseConv2D: withRememberedAttributes,
  },
};
