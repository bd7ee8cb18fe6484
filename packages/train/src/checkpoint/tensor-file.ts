import { FormatError, type HostTensor, hostTensor, type TensorLike, ValueError } from '@wsss/core';

// The safetensors layout, as far as a checkpoint needs it: a u64 with the header's length, the header in JSON, data.
const kinds = { float32: 'F32', float64: 'F64', int32: 'I32', bool: 'BOOL' } as const;
const arrays = { F32: Float32Array, F64: Float64Array, I32: Int32Array, BOOL: Uint8Array } as const;
const largestHeader = 100_000_000;

type Kind = keyof typeof arrays;
type StoredArray = Float32Array | Float64Array | Int32Array | Uint8Array;
interface Entry {
  readonly dtype: Kind;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Tensors with a text beside them. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, HostTensor<StoredArray>>;
  readonly text: string;
}

/**
 * The bytes of a file, piece by piece: one tensor at a time is read back from the device.
 *
 * @throws {ValueError} if a tensor has a dtype that checkpoints do not hold, or a value is not finite.
 */
export async function* tensorFileChunks(
  tensors: ReadonlyMap<string, TensorLike>,
  text: string,
): AsyncGenerator<Uint8Array> {
  const header: Record<string, unknown> = { __metadata__: { checkpoint: text } };
  let offset = 0;
  for (const [name, { dtype, shape }] of tensors) {
    if (!Object.hasOwn(kinds, dtype)) {
      throw new ValueError('fit', name, `to be of ${Object.keys(kinds).join(', ')} for a checkpoint`, dtype);
    }
    const kind = kinds[dtype as keyof typeof kinds];
    const end = offset + shape.reduce((size, n) => size * n, arrays[kind].BYTES_PER_ELEMENT);
    header[name] = { dtype: kind, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces, so that the data begins at a multiple of 8.
  const padded = Math.ceil(json.length / 8) * 8;
  const head = new Uint8Array(8 + padded).fill(32);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(json, 8);
  yield head;
  for (const [name, tensor] of tensors) {
    const values = (await tensor.data()) as StoredArray;
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new ValueError(
        'fit',
        name,
        'to be finite, to be saved',
        values[bad],
        'The last checkpoint is still there.',
      );
    }
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}

/**
 * Reads what {@link tensorFileChunks} wrote.
 *
 * @param file What is read, for messages.
 * @throws {FormatError} if the bytes are cut short, too long, or not such a file.
 */
export function readTensorFile(file: string, bytes: Uint8Array): TensorFile {
  const hint = 'Is the file damaged, or another kind of file?';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new FormatError(file, 'a checkpoint', `${bytes.length} bytes`, hint);
  const headerSize = Number(view.getBigUint64(0, true));
  if (headerSize > Math.min(bytes.length - 8, largestHeader)) {
    throw new FormatError(file, `a header of at most ${bytes.length - 8} bytes`, `one of ${headerSize}`, hint);
  }
  const header = parseHeader(file, bytes.subarray(8, 8 + headerSize), hint);
  const { __metadata__: metadata, ...entries } = header;
  const text = isRecord(metadata) ? metadata.checkpoint : undefined;
  if (typeof text !== 'string') throw new FormatError(file, 'the metadata of a checkpoint', text, hint);
  const start = 8 + headerSize;
  const tensors = new Map<string, HostTensor<StoredArray>>();
  let end = 0;
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: offsets } = checkEntry(file, name, entry, end);
    end = offsets[1];
    if (end > bytes.length - start) break;
    // A copy, aligned; not `bytes.slice`, which is a view where the bytes are a Buffer of Node.
    const raw = Uint8Array.from(bytes.subarray(start + offsets[0], start + end));
    tensors.set(name, hostTensor(new arrays[dtype](raw.buffer), shape, dtype === 'BOOL' ? 'bool' : undefined));
  }
  if (end !== bytes.length - start) {
    throw new FormatError(file, `${end} bytes of data`, `${bytes.length - start}`, 'Was the file cut short?');
  }
  return { tensors, text };
}

function parseHeader(file: string, bytes: Uint8Array, hint: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch {
    // Told below.
  }
  throw new FormatError(file, 'a header in JSON', 'something else', hint);
}

/** Entries lie one after the other, as they were written. */
function checkEntry(file: string, name: string, entry: unknown, begin: number): Entry {
  if (isRecord(entry)) {
    const { dtype, shape, data_offsets: offsets } = entry;
    const sized = Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (typeof dtype === 'string' && Object.hasOwn(arrays, dtype) && sized && Array.isArray(offsets)) {
      const size = (shape as number[]).reduce((size, n) => size * n, arrays[dtype as Kind].BYTES_PER_ELEMENT);
      if (offsets.length === 2 && offsets[0] === begin && offsets[1] === begin + size) return entry as unknown as Entry;
    }
  }
  throw new FormatError(file, `a tensor '${name}' that begins at byte ${begin} of the data`, JSON.stringify(entry));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
