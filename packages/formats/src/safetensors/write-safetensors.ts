import { type TensorLike, ValueError } from '@wsss/core';
import { gatherTensors } from '../gather-tensors';
import { DTYPES } from './parse-header';

export interface WriteSafetensorsOptions {
  /** Text about the file, which other readers show. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const names: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(DTYPES).map(([format, torch]) => [torch, format]),
);

/**
 * Writes tensors as the bytes of a `.safetensors` file, which Python's `safetensors` and `readStateDict` read.
 *
 * @param tensors Name → tensor of any backend, or a host tensor: float32, float64, integers of 8 to 64 bits, bool.
 * @returns The file. `saveBytes(path, bytes)` puts it on disk.
 * @throws {ValueError} for a dtype that the format lacks, the reserved name `__metadata__`, or metadata of no strings.
 * @throws {ShapeError} for values of another number than the shape says.
 */
export async function writeSafetensors(
  tensors: ReadonlyMap<string, TensorLike>,
  { metadata = {} }: WriteSafetensorsOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = await gatherTensors('writeSafetensors', tensors);
  if (tensors.has('__metadata__')) {
    throw new ValueError('writeSafetensors', 'tensors', 'to leave this name to the format', '__metadata__');
  }
  // Wide elements first: so each tensor lies at a multiple of its element's size.
  gathered.sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  const fields = Object.keys(metadata).length > 0 ? [`"__metadata__":${stringMap(metadata)}`] : [];
  let end = 0;
  for (const { name, dtype, shape, values } of gathered) {
    const entry = { dtype: names[dtype], shape, data_offsets: [end, end + values.byteLength] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    end += values.byteLength;
  }

  const text = new TextEncoder().encode(`{${fields.join(',')}}`);
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let at = start;
  for (const { values } of gathered) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}

function stringMap(metadata: Readonly<Record<string, unknown>>): string {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new ValueError('writeSafetensors', `metadata.${key}`, 'to be a string', value);
  }
  return JSON.stringify(metadata);
}
