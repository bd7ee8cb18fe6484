/** A kernel of this name is registered on each backend that our kernels were, or will be, installed on. */
export const KERNELS_HOOK = '_WsssKernels';
