import { engine, type Tensor } from '@tensorflow/tfjs-core';

interface Tracker {
  readonly state: { readonly numBytes: number; readonly tensorInfo: WeakMap<object, { readonly bytes: number }> };
  trackTensor(tensor: Tensor, backend: unknown): void;
  removeDataId(dataId: object, backend: unknown): void;
}

/** Bytes of the tensors that live. */
export interface LiveBytes {
  now(): number;
  stop(): void;
}

/**
 * Follows the bytes of tensors, those that share their values counted once: the count of TensorFlow.js has them as often
 * as they are shared, e.g. saved for a gradient. Its count is the one to begin with.
 */
export function followBytes(): LiveBytes {
  const tracker = engine() as unknown as Tracker;
  const { tensorInfo, numBytes } = tracker.state;
  const { trackTensor, removeDataId } = tracker;
  const own = { track: Object.hasOwn(tracker, 'trackTensor'), remove: Object.hasOwn(tracker, 'removeDataId') };
  const bytesOf = (dataId: object): number => tensorInfo.get(dataId)?.bytes ?? 0;
  let bytes = numBytes;
  tracker.trackTensor = function (tensor, backend) {
    const known = tensorInfo.has(tensor.dataId);
    trackTensor.call(this, tensor, backend);
    if (!known) bytes += bytesOf(tensor.dataId);
  };
  tracker.removeDataId = function (dataId, backend) {
    const held = bytesOf(dataId);
    removeDataId.call(this, dataId, backend);
    if (!tensorInfo.has(dataId)) bytes -= held;
  };
  return {
    now: () => bytes,
    stop() {
      // What was the prototype's is the prototype's again.
      if (own.track) tracker.trackTensor = trackTensor;
      else delete (tracker as Partial<Tracker>).trackTensor;
      if (own.remove) tracker.removeDataId = removeDataId;
      else delete (tracker as Partial<Tracker>).removeDataId;
    },
  };
}
