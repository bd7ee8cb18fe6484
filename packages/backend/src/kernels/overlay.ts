import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { Kernel } from './host-kernel';

/** What is laid over a backend's own kernels. */
export interface Overlay {
  /** New ones, and replacements. */
  readonly kernels: readonly Kernel[];
  /** Stock kernels that are called with other inputs or attributes, by their name. */
  readonly wrappers: Readonly<Record<string, (stock: KernelConfig) => KernelConfig>>;
}
