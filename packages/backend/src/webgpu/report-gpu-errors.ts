import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BackendValues, DataId } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';

type Reader = Pick<WebGPUBackend, 'read' | 'readSync'>;

/**
 * Makes reading values fail once the GPU has: it reports errors apart from the calls that cause them, and what could
 * not be computed reads as zeros.
 *
 * @param watchLoss Whether to wait for the loss of the GPU. Not in Node, where a process that waits never ends; there
 * the read itself fails.
 */
export function reportGpuErrors(backend: WebGPUBackend, device: GPUDevice, watchLoss: boolean): void {
  let failure: BackendError | undefined;
  let [failures, told, lost] = [0, 0, false];
  const fail = (problem: string, hint?: string) => {
    // The first says the cause; what comes after it follows from it.
    if (failures++ === told || lost) failure = new BackendError('webgpu', problem, hint);
  };
  // Every read that was under way fails; the next ones are of values that were computed since.
  const tell = (since: number) => {
    if (failures === since && !lost) return;
    told = failures;
    throw failure;
  };
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    const { error } = event as GPUUncapturedErrorEvent;
    const memory = error.constructor.name === 'GPUOutOfMemoryError';
    if (memory) fail('the memory of the GPU is full', 'Smaller images or batches need less');
    else fail(`the GPU reports an error: ${error.message.trim()}`);
  });
  if (watchLoss)
    device.lost.then(({ reason, message }) => {
      if (reason === 'destroyed') return;
      lost = true;
      fail(`the GPU was lost: ${message}`, 'Start the program again');
    });
  const { read, readSync }: Reader = backend;
  backend.read = async (dataId: DataId): Promise<BackendValues> => {
    const since = told;
    const values = await read.call(backend, dataId);
    tell(since);
    return values;
  };
  backend.readSync = (dataId: object): BackendValues => {
    tell(told);
    if (typeof OffscreenCanvas !== 'undefined' || onHost(backend, dataId)) return readSync.call(backend, dataId);
    throw new BackendError('webgpu', 'in Node its values cannot be read at once', 'Read them with await tensor.data()');
  };
}

/** Whether no value has to be fetched from the GPU. */
function onHost(backend: WebGPUBackend, dataId: object): boolean {
  const { values, dtype, complexTensorInfos } = backend.tensorMap.get(dataId);
  if (values != null || dtype === 'string') return true;
  if (!complexTensorInfos) return false;
  return onHost(backend, complexTensorInfos.real.dataId) && onHost(backend, complexTensorInfos.imag.dataId);
}
