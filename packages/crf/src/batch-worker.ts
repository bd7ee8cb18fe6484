// The program of crfBatch's workers.
import { hostTensor } from '@wsss/core';
import type { BatchReply, BatchRequest } from './batch-workers';
import { crf } from './crf';

const port = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;

async function refine({ image, scores, preset, options }: BatchRequest): Promise<void> {
  let reply: BatchReply = {};
  try {
    const [photo, given] = [hostTensor(image.values, image.shape), hostTensor(scores.values, scores.shape)];
    reply = { values: (await crf(photo, given, preset, options)).values };
  } catch {
    // The caller does it again, and gets the error itself.
  }
  const moved = reply.values ? [reply.values.buffer as ArrayBuffer] : [];
  if (port) port.postMessage(reply, moved);
  else globalThis.postMessage(reply, { transfer: moved });
}

if (port) port.on('message', (request: BatchRequest) => void refine(request));
else globalThis.onmessage = ({ data }: MessageEvent<BatchRequest>) => void refine(data);
