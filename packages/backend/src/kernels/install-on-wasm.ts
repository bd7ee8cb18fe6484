import { installOn } from './install-on';
import { wasmOverlay } from './wasm-overlay';

/** Installs our kernels on `wasm` alone: what a program that only computes needs. */
export function installOnWasm(): void {
  installOn('wasm', wasmOverlay);
}
