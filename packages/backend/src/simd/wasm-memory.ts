/** Where the binaries of the WASM backend keep their memory. */
interface Holder {
  readonly wasm?: {
    readonly asm?: { readonly memory?: unknown };
    /** Of the binary with threads. */
    readonly wasmMemory?: unknown;
  };
}

/** The memory of a backend, whichever of its binaries was loaded. */
export function memoryOf(backend: object): WebAssembly.Memory | undefined {
  const { wasm } = backend as Holder;
  return [wasm?.asm?.memory, wasm?.wasmMemory].find((memory) => memory instanceof WebAssembly.Memory);
}

/** Whether threads can share it. */
export function isShared({ buffer }: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && (buffer as ArrayBufferLike) instanceof SharedArrayBuffer;
}
