import { FormatError, type TensorLike } from '@wsss/core';
import { lazyTensor } from '../lazy-tensor';
import type { ByteSource } from '../source/byte-source';
import { parseHeader } from './parse-header';

/** The largest header that the format's own reader accepts. */
const LARGEST_HEADER = 100_000_000;

/**
 * The tensors of a `.safetensors` file: 8 bytes with the length of a JSON header, the header, the data.
 * All of the header is checked before any tensor is made.
 *
 * Source: the format's description, https://github.com/huggingface/safetensors (README, "Format").
 */
export async function readSafetensors(source: ByteSource): Promise<Map<string, TensorLike>> {
  const { name: file, size } = source;
  const start = await source.read(0, 8);
  const stated = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  const length = Number(stated);
  if (length > LARGEST_HEADER || length > size - 8) {
    const hint = size - 8 < length && length <= LARGEST_HEADER ? 'Is the file cut short?' : undefined;
    const most = Math.min(LARGEST_HEADER, size - 8);
    throw new FormatError(file, `a safetensors header of at most ${most} bytes`, `a length of ${stated}`, hint);
  }
  const entries = parseHeader(file, decodeHeader(file, await source.read(8, length)), size - 8 - length);
  const tensors = new Map<string, TensorLike>();
  for (const { name, type, shape, offset, byteLength } of entries) {
    tensors.set(name, lazyTensor(name, type, shape, { source, offset: 8 + length + offset, byteLength }));
  }
  return tensors;
}

function decodeHeader(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormatError(file, 'a safetensors header of text', 'bytes that are not UTF-8');
  }
}
