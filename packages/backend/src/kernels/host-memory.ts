import { backend, type DataType, engine, type KernelBackend, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';

/** The arrays that a tensor's values are in. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** Backends that keep tensors in memory that JavaScript can read and write in place. */
export interface HostMemory {
  /** A new tensor whose values are not set. */
  allocate(shape: number[], dtype: DataType): TensorInfo;
  /** The values in place; valid until the next allocation. */
  values(tensor: TensorInfo): Values;
  /** Frees what {@link allocate} made, where no tensor owns it yet. */
  free(tensor: TensorInfo): void;
}

interface WasmBackend extends KernelBackend {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Values;
}

interface CpuBackend extends KernelBackend {
  makeTensorInfo(shape: number[], dtype: DataType, values: Values): TensorInfo;
  data: { get(dataId: object): { values: Values } };
}

interface TensorflowBackend extends KernelBackend {
  write(values: Values, shape: number[], dtype: DataType): object;
}

function arrayFor(dtype: DataType, size: number): Values {
  if (dtype === 'float32') return new Float32Array(size);
  return dtype === 'bool' ? new Uint8Array(size) : new Int32Array(size);
}

/** The memory of a backend: the current one, unless given. */
export function hostMemory(of: KernelBackend = backend()): HostMemory {
  if ('typedArrayFromHeap' in of) {
    const wasm = of as WasmBackend;
    return {
      allocate: (shape, dtype) => wasm.makeOutput(shape, dtype),
      values: (tensor) => wasm.typedArrayFromHeap(tensor),
      free: ({ dataId }) => void wasm.disposeData(dataId),
    };
  }
  if ('makeTensorInfo' in of && 'data' in of) {
    const cpu = of as CpuBackend;
    return {
      allocate: (shape, dtype) => cpu.makeTensorInfo(shape, dtype, arrayFor(dtype, util.sizeFromShape(shape))),
      values: ({ dataId }) => cpu.data.get(dataId).values,
      free: ({ dataId }) => void cpu.disposeData(dataId),
    };
  }
  if ('binding' in of && 'write' in of) {
    const tensorflow = of as TensorflowBackend;
    return {
      allocate: (shape, dtype) => ({
        dataId: tensorflow.write(arrayFor(dtype, util.sizeFromShape(shape)), shape, dtype) as object,
        shape,
        dtype,
      }),
      // A new tensor stays this array until an operation reads it; of others it is a copy.
      values: ({ dataId }) => tensorflow.readSync(dataId) as Values,
      free: ({ dataId }) => void tensorflow.disposeData(dataId),
    };
  }
  throw new BackendError(engine().backendName, 'its memory cannot be reached from JavaScript');
}
