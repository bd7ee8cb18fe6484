import type { StartedBackend } from './started';

/** What {@link useBackend} found. */
export interface BackendInfo {
  /** The backend that TensorFlow.js uses from now on. */
  readonly name: BackendName;
  /** How many threads its kernels run on. */
  readonly threads: number;
  /** What it computes with, in words: `'WebAssembly SIMD'`. */
  readonly device: string;
  /** Whether training is right on it once `@wsss/backend/gradients` is imported. */
  readonly trainable: boolean;
}

/** The backends that `useBackend` knows. */
export type BackendName = 'tensorflow' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** Options of {@link useBackend}. */
export interface BackendOptions {
  /**
   * Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are: the URL of a folder, or the URL of each file by its
   * name. Needed in browsers, where a bundler moves them, and in bundled Node programs. Only for `'wasm'` and `'auto'`.
   * @default beside the package
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
  /**
   * On `'tensorflow'` the threads of every operation, at the first start. On `'wasm'` the most threads of a
   * convolution, a matrix product and their gradients, the calling one included. In
   * browsers there are several only under cross-origin isolation.
   * @default the processors that the program may use, at most 16
   */
  readonly threads?: number;
  /**
   * The tiles of Winograd's algorithm, which computes convolutions of three by three taps on `'wasm'`: 2 × 2 outputs are
   * as exact as the plain sum, 4 × 4 are faster and lose about a decimal digit; `false` for the plain sum.
   * @default 2
   */
  readonly winograd?: 2 | 4 | false;
  /**
   * What computes on `'wasm'`: the WebAssembly SIMD kernels of this package, or (`'stock'`) those of TensorFlow.js and
   * compositions of them, as where there is no SIMD: to compare, or to find out where a difference comes from.
   * @default 'own'
   */
  readonly kernels?: 'own' | 'stock';
}

/** How to start a backend. */
export interface BackendDefinition {
  readonly name: BackendName;
  /**
   * Imports its package, starts it, and makes it the current one.
   *
   * @param automatic Nobody named it: it fails where another would be faster, as a GPU in software is not.
   */
  start(options: BackendOptions, automatic: boolean): Promise<StartedBackend>;
}
