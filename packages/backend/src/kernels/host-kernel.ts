import type { DataType, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { hostMemory, type Values } from './host-memory';

/** A kernel without a backend yet. */
export type Kernel = Pick<KernelConfig, 'kernelName' | 'kernelFunc'>;

/** What a loop needs to know before it runs: the shape that comes out, and the loop over values. */
export interface Loop {
  readonly shape: number[];
  /** @default 'float32' */
  readonly dtype?: DataType;
  /** Writes every value of `out`, which holds anything before. */
  run(out: Values, inputs: Values[]): void;
}

/**
 * A kernel that is a loop over typed arrays, for every backend whose memory JavaScript reaches.
 *
 * @param names The inputs whose values the loop gets, by their kernel names.
 * @param plan Shapes and attributes → the loop.
 */
export function hostKernel<const N extends string, A extends object>(
  kernelName: string,
  names: readonly N[],
  plan: (inputs: Record<N, TensorInfo>, attributes: A) => Loop,
): Kernel {
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => {
    const tensors = inputs as Record<N, TensorInfo>;
    const { shape, dtype = 'float32', run } = plan(tensors, attrs as unknown as A);
    const memory = hostMemory(backend as Parameters<typeof hostMemory>[0]);
    const out = memory.allocate(shape, dtype);
    // Views are taken after the allocation: it may move the heap.
    run(
      memory.values(out),
      names.map((name) => memory.values(tensors[name])),
    );
    return out;
  };
  return { kernelName, kernelFunc };
}
