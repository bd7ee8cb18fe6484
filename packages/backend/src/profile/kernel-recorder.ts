import { engine, getKernelsForBackend, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { describeCall } from './describe-call';
import { type KernelAttributes, type KernelInputs, kernelWork, tensorBytes } from './kernel-work';

/** Calls of one kernel with the same shapes. */
export interface KernelRow {
  /** The kernel's name: `'FusedConv2D'`. */
  readonly kernel: string;
  /** Shapes of inputs and outputs, strides and dilations: `'1×56×56×64, 3×3×64×64 → 1×56×56×64'`. */
  readonly shape: string;
  readonly calls: number;
  /** Seconds of all calls. */
  readonly seconds: number;
  /** Multiplications and additions of all calls; `undefined` for kernels that are not made of products. */
  readonly flops: number | undefined;
  /** Bytes of inputs and outputs of all calls. */
  readonly bytes: number;
}

/** What was recorded. */
export interface KernelRecord {
  readonly rows: readonly KernelRow[];
  /** Most bytes of tensors at a time. */
  readonly peakBytes: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Times every kernel of a backend from now on, until `stop`. A kernel that runs others is one call: theirs are part of
 * it.
 */
export function recordKernels(backendName: string): { stop(): KernelRecord } {
  const rows = new Map<string, Mutable<KernelRow>>();
  const { state } = engine();
  let peakBytes = state.numBytes;
  let depth = 0;
  const sample = (more = 0) => {
    peakBytes = Math.max(peakBytes, state.numBytes + more);
  };

  const note = (kernel: string, call: Call, outputs: TensorInfo[], seconds: number) => {
    const shape = describeCall(call.inputs, call.attrs, outputs);
    const { flops, bytes } = kernelWork(kernel, call.inputs, call.attrs, outputs);
    const key = `${kernel} ${shape}`;
    const row = rows.get(key) ?? { kernel, shape, calls: 0, seconds: 0, flops, bytes: 0 };
    if (row.calls > 0 && flops !== undefined) row.flops = (row.flops ?? 0) + flops;
    row.calls++;
    row.seconds += seconds;
    row.bytes += bytes;
    rows.set(key, row);
  };

  const timed = (kernel: string, kernelFunc: KernelConfig['kernelFunc']): KernelConfig['kernelFunc'] => {
    return (parameters) => {
      sample();
      const start = performance.now();
      let result: TensorInfo | TensorInfo[];
      depth++;
      try {
        result = kernelFunc(parameters);
      } finally {
        depth--;
      }
      const seconds = (performance.now() - start) / 1000;
      const outputs = Array.isArray(result) ? result : [result];
      // The engine counts outputs once the kernel has returned; those it knows already are views.
      const fresh = outputs.filter(({ dataId }) => !state.tensorInfo.has(dataId));
      sample(fresh.reduce((sum, tensor) => sum + tensorBytes(tensor), 0));
      const call = { inputs: parameters.inputs as KernelInputs, attrs: (parameters.attrs ?? {}) as KernelAttributes };
      if (depth === 0) note(kernel, call, outputs, seconds);
      return result;
    };
  };

  const patched = getKernelsForBackend(backendName).map((config) => {
    const { kernelFunc } = config;
    const own = timed(config.kernelName, kernelFunc);
    config.kernelFunc = own;
    return () => {
      if (config.kernelFunc === own) config.kernelFunc = kernelFunc;
    };
  });
  return {
    stop() {
      sample();
      for (const restore of patched) restore();
      return { rows: [...rows.values()].sort((a, b) => b.seconds - a.seconds), peakBytes };
    },
  };
}

interface Call {
  readonly inputs: KernelInputs;
  readonly attrs: KernelAttributes;
}
