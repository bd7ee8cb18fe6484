import { engine } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';

interface Heap {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** Addresses have 32 bits. */
const LIMIT = 2 ** 32;

const guarded = new WeakSet<Heap>();

/**
 * Makes a WASM backend refuse what does not fit, before a kernel begins: TensorFlow.js takes the address 0 for room,
 * and writes over what lies there or traps. Done once, however often it is called; other backends are left alone.
 */
export function guardAllocation(backend: object): void {
  const { wasm } = backend as { wasm?: Heap | null };
  if (!wasm || typeof wasm._malloc !== 'function' || guarded.has(wasm)) return;
  guarded.add(wasm);
  // Called once, it has put the real function into its own place.
  wasm._free(wasm._malloc(1));
  const { _malloc } = wasm;
  wasm._malloc = (bytes) => {
    if (bytes < LIMIT) {
      const address = _malloc(bytes);
      if (address !== 0 || bytes === 0) return address;
    }
    throw noRoom(bytes, wasm);
  };
}

const size = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;

function noRoom(bytes: number, { HEAPU8 }: Heap): BackendError {
  const { numTensors } = engine().memory();
  return new BackendError(
    'wasm',
    `there is no room for ${size(bytes)}: its memory has grown to ${size(HEAPU8.length)} of 4 GiB, ` +
      `the limit of WebAssembly, with ${numTensors} tensors in it`,
    'Smaller batches (`accumulate` of `fit` makes one of several), smaller photos or a larger output stride; in training ' +
      '`checkpoint: true` of a network, which keeps less for the gradients; `tidy` and `dispose` for tensors that are done with',
  );
}
