import { backend, engine } from '@tensorflow/tfjs-core';
import { BackendError, ValueError } from '@wsss/core';
import { startedBackend } from '../backends/started';
import { type KernelRow, recordKernels } from './kernel-recorder';
import { profileTable } from './profile-table';

/** Options of {@link profile}. */
export interface ProfileOptions {
  /** Whether to print the table. @default true */
  readonly print?: boolean;
  /** How many kernels and shapes the table lists; `rows` has all of them. @default 20 */
  readonly mostRows?: number;
}

/** The numbers of a {@link Profile}. */
export interface ProfileFigures {
  /** The backend that was in use. */
  readonly backend: string;
  /** What it computes with, and on how many threads, if {@link useBackend} started it. */
  readonly device: string | undefined;
  readonly threads: number | undefined;
  /** From the call of the function to its end, or that of its promise. */
  readonly seconds: number;
  /** Of this, in kernels. */
  readonly kernelSeconds: number;
  readonly calls: number;
  /** Each kernel with each shape, the slowest first. */
  readonly rows: readonly KernelRow[];
  /** The same for each kernel, whatever the shapes. */
  readonly kernels: readonly Omit<KernelRow, 'shape'>[];
  /** Most bytes of tensors at a time, those from before included; what tensors share counts once. */
  readonly peakBytes: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** The memory of WebAssembly, which never shrinks: its size at the end is its peak. `undefined` elsewhere. */
  readonly heapBytes: number | undefined;
  readonly heapBefore: number | undefined;
  /** What cannot be told on this backend, in sentences. */
  readonly unknown: readonly string[];
}

/** What {@link profile} found. */
export interface Profile<T> extends ProfileFigures {
  /** What the function returned. */
  readonly value: T;
  /** What is printed. */
  readonly table: string;
}

/** Backends whose kernels have done their work when they return. */
const SYNCHRONOUS: readonly string[] = ['wasm', 'cpu', 'tensorflow'];

let underWay = false;

/**
 * Runs a function, and tells which kernels take its time: for each kernel and shape calls, time, GFLOP/s (products and
 * additions as the operation is written), GB/s (inputs and outputs, once each), and share of the whole; the most bytes
 * that tensors took, and the size of WebAssembly's memory. Prints it as a table.
 *
 * Kernels that others run count as part of these. The first run of a function is slower than the following ones: run it
 * once or twice before.
 *
 * On backends that compute on a GPU a kernel returns before its work is done. Its time is then that of handing it over,
 * and the rates are left out; `unknown` says so. Let the function end with a read (`await y.data()`) to have the
 * whole time right.
 *
 * @param f May be asynchronous. What other code computes meanwhile counts too. Its tensors are the caller's.
 * @throws {ValueError} if `f` is no function, or another profile is under way.
 * @throws {BackendError} if no backend is in use. What `f` throws passes on.
 *
 * @example
 * const { value: maps, rows } = await profile(() => network.forward(images));
 */
export async function profile<T>(
  f: () => T | Promise<T>,
  { print = true, mostRows = 20 }: ProfileOptions = {},
): Promise<Profile<T>> {
  if (typeof f !== 'function') throw new ValueError('profile', 'f', 'to be a function', f);
  if (!(Number.isSafeInteger(mostRows) && mostRows >= 0)) {
    throw new ValueError('profile', 'mostRows', 'to be a whole number ≥ 0', mostRows);
  }
  if (underWay) throw new ValueError('profile', 'f', 'to be called by one profile at a time', f);
  const name = engine().backendName;
  if (!name) throw new BackendError('none', 'no backend is in use', "await useBackend('wasm')");
  const bytesBefore = engine().state.numBytes;
  const heapBefore = heapSize();
  underWay = true;
  const recorder = recordKernels(name);
  let record: ReturnType<typeof recorder.stop> | undefined;
  let value: T;
  const start = performance.now();
  let seconds: number;
  try {
    value = await f();
  } finally {
    seconds = (performance.now() - start) / 1000;
    record = recorder.stop();
    underWay = false;
  }
  const { device, threads } = startedBackend(name) ?? {};
  const measured = SYNCHRONOUS.includes(name);
  // The rates of what is only handed over would say nothing.
  const rows = measured ? record.rows : record.rows.map((row) => ({ ...row, flops: undefined, bytes: 0 }));
  const figures: ProfileFigures = {
    ...{ backend: name, device, threads, seconds },
    kernelSeconds: rows.reduce((sum, row) => sum + row.seconds, 0),
    calls: rows.reduce((sum, { calls }) => sum + calls, 0),
    ...{ rows, kernels: byKernel(rows) },
    ...{ peakBytes: record.peakBytes, bytesBefore, bytesAfter: record.bytesAfter },
    ...{ heapBytes: heapSize(), heapBefore },
    unknown: unknownOn(name, measured),
  };
  const table = profileTable(figures, mostRows);
  if (print) console.log(table);
  return { ...figures, value, table };
}

function byKernel(rows: readonly KernelRow[]): Omit<KernelRow, 'shape'>[] {
  const kernels = new Map<string, Omit<KernelRow, 'shape'>>();
  for (const { kernel, calls, seconds, flops, bytes } of rows) {
    const sum = kernels.get(kernel);
    kernels.set(kernel, {
      kernel,
      calls: calls + (sum?.calls ?? 0),
      seconds: seconds + (sum?.seconds ?? 0),
      flops: flops === undefined ? undefined : flops + (sum?.flops ?? 0),
      bytes: bytes + (sum?.bytes ?? 0),
    });
  }
  return [...kernels.values()].sort((a, b) => b.seconds - a.seconds);
}

/** Bytes of WebAssembly's memory, where the backend has one. */
function heapSize(): number | undefined {
  return (backend() as { wasm?: { HEAPU8?: Uint8Array } }).wasm?.HEAPU8?.buffer.byteLength;
}

function unknownOn(name: string, measured: boolean): string[] {
  const sentences: string[] = [];
  if (!measured) {
    sentences.push(
      `'${name}' computes after its kernels have returned, so their times are those of handing the work over, and there are no rates`,
      'the memory of the device; bytes of tensors are those of their values',
    );
  }
  if (engine().backendName !== name) {
    sentences.push(`what ran on '${engine().backendName}': the backend changed from '${name}'`);
  }
  return sentences;
}
