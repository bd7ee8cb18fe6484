import { BackendError } from '@wsss/core';

/**
 * Lays our kernels over those of `wasm`. They are loaded when they are wanted: a program on another backend does not
 * carry them.
 *
 * @throws {BackendError} if their file is not where the bundler said.
 */
export async function loadKernels(load = () => import('../kernels/install-on-wasm')): Promise<void> {
  let loaded: Awaited<ReturnType<typeof load>>;
  try {
    loaded = await load();
  } catch (cause) {
    throw new BackendError(
      'wasm',
      `its kernels were not loaded: ${(cause as Error).message}`,
      "Serve every file that the bundler wrote; or leave them out: useBackend('wasm', { kernels: 'stock' })",
      { cause },
    );
  }
  loaded.installOnWasm();
}
