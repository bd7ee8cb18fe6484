import { readFileSync } from 'node:fs';
import { type ReferenceArray, type ReferenceTensor, referenceTensor } from './reference-tensor';

// Reference data must not be read by the code that it checks, so this reader shares nothing with @wsss/formats.
const arrays: Record<string, { bytes: number; view: (buffer: ArrayBuffer) => ReferenceArray }> = {
  F32: { bytes: 4, view: (buffer) => new Float32Array(buffer) },
  F64: { bytes: 8, view: (buffer) => new Float64Array(buffer) },
  I32: { bytes: 4, view: (buffer) => new Int32Array(buffer) },
  I64: { bytes: 8, view: (buffer) => new BigInt64Array(buffer) },
  U8: { bytes: 1, view: (buffer) => new Uint8Array(buffer) },
};

/**
 * Reads a `.safetensors` file of dtypes F32, F64, I32, I64 and U8 whole.
 *
 * @throws {Error} naming the file and the tensor, if anything is not as the format says.
 */
export function readReferenceTensors(file: string): Map<string, ReferenceTensor> {
  const bytes = readFileSync(file);
  const fail = (what: string): never => {
    throw new Error(`${file}: ${what}`);
  };
  if (bytes.length < 8) fail(`${bytes.length} bytes are no safetensors file`);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  if (headerLength > bytes.length - 8) fail(`a header of ${headerLength} bytes in a file of ${bytes.length}`);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<string, HeaderEntry>;
  const start = 8 + headerLength;
  const tensors = new Map<string, ReferenceTensor>();
  for (const [name, { dtype, shape, data_offsets: range }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const array = arrays[dtype] ?? fail(`\`${name}\` has the unknown dtype ${dtype}`);
    const [from, to] = range;
    const size = shape.reduce((product, n) => product * n, 1) * array.bytes;
    if (from < 0 || to - from !== size) fail(`\`${name}\` of shape [${shape}] has the offsets ${range}`);
    if (start + to > bytes.length) fail(`\`${name}\` ends at ${start + to} of ${bytes.length} bytes: cut short?`);
    // A copy, because offsets in the file need not be aligned.
    tensors.set(
      name,
      referenceTensor(array.view(new Uint8Array(bytes.subarray(start + from, start + to)).buffer), shape),
    );
  }
  return tensors;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}
