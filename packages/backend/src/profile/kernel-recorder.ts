import { engine, getKernelsForBackend, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { describeCall } from './describe-call';
import { type KernelAttributes, type KernelInputs, kernelWork, tensorBytes } from './kernel-work';
import { followBytes } from './live-bytes';

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
  /** Most bytes of tensors at a time, and those at the end. */
  readonly peakBytes: number;
  readonly bytesAfter: number;
}

/**
 * Times every kernel of a backend from now on, until `stop`. A kernel that runs others is one call: theirs are part of
 * it.
 */
export function recordKernels(backendName: string): { stop(): KernelRecord } {
  const calls: RecordedCall[] = [];
  const { state } = engine();
  const live = followBytes();
  let peakBytes = live.now();
  let depth = 0;
  const sample = (more = 0) => {
    peakBytes = Math.max(peakBytes, live.now() + more);
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
      // Described at the end, when it costs no time that is measured.
      if (depth === 0) calls.push({ kernel, ...parameters, outputs, views: outputs.length > fresh.length, seconds });
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
      live.stop();
      for (const restore of patched) restore();
      return { rows: rowsOf(calls), peakBytes, bytesAfter: live.now() };
    },
  };
}

interface RecordedCall {
  readonly kernel: string;
  readonly inputs: object;
  readonly attrs?: object;
  readonly outputs: readonly TensorInfo[];
  /** Whether the outputs show values of other tensors. */
  readonly views: boolean;
  readonly seconds: number;
}

function rowsOf(calls: readonly RecordedCall[]): KernelRow[] {
  const rows = new Map<string, KernelRow>();
  for (const { kernel, outputs, views, seconds, ...call } of calls) {
    const [inputs, attributes] = [call.inputs as KernelInputs, (call.attrs ?? {}) as KernelAttributes];
    const shape = describeCall(inputs, attributes, outputs);
    const work = kernelWork(kernel, inputs, attributes, outputs);
    const key = `${kernel} ${shape}`;
    const sum = rows.get(key);
    rows.set(key, {
      kernel,
      shape,
      calls: 1 + (sum?.calls ?? 0),
      seconds: seconds + (sum?.seconds ?? 0),
      flops: work.flops === undefined ? undefined : work.flops + (sum?.flops ?? 0),
      bytes: (views ? 0 : work.bytes) + (sum?.bytes ?? 0),
    });
  }
  return [...rows.values()].sort((a, b) => b.seconds - a.seconds);
}
