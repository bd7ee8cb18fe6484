/** Outputs of a tile, along one axis, of Winograd's algorithm; 0 for the plain sum. */
export type WinogradSize = 0 | 2 | 4;

/** How our WebAssembly kernels compute; `useBackend` sets it. */
export interface KernelSettings {
  /** Whether they compute at all, or the kernels of before. */
  own: boolean;
  /** The most threads of a kernel. */
  threads: number;
  /** Multiplications for which a thread more saves more than it takes to call. */
  products: number;
  /** The largest tile. */
  winograd: WinogradSize;
}

export const kernelSettings: KernelSettings = { own: true, threads: 1, products: 2 ** 20, winograd: 2 };
