import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** An attribute of an operation of TensorFlow, as the binding takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What we use of the native part of `@tensorflow/tfjs-node`: the numbers that stand for types, and the version. */
export interface TensorflowBinding {
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_Version: string;
}

/** What we use of the backend of `@tensorflow/tfjs-node`. */
export interface TensorflowBackend extends KernelBackend {
  readonly binding: TensorflowBinding;
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(operation: string, attributes: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor;
  /** The activation of a fused operation, by its name there; the tensor itself without one. */
  applyActivation(x: Tensor, activation?: string, prelu?: Tensor, leakyreluAlpha?: number): Tensor;
}

/** What we use of the package. */
export interface TfjsNode {
  readonly version: { readonly 'tfjs-node': string };
}

/** The packages that bring it, the one that knows GPUs first. */
export const TFJS_NODE_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** What makes a working one. */
export const INSTALL_TENSORFLOW = 'npx @wsss/backend install tensorflow';
