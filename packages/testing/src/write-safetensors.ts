import { writeFileSync } from 'node:fs';
import type { ReferenceTensor } from './reference-tensor';

const names: Record<string, string> = { float32: 'F32', float64: 'F64', int32: 'I32', int64: 'I64', uint8: 'U8' };

/** Writes a `.safetensors` file: to test the tests with cases of their own. */
export function writeReferenceTensors(file: string, tensors: Readonly<Record<string, ReferenceTensor>>): void {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, { dtype, shape, values }] of Object.entries(tensors)) {
    const start = end;
    end += values.byteLength;
    header[name] = { dtype: names[dtype], shape, data_offsets: [start, end] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = Object.values(tensors).map(({ values: v }) => Buffer.from(v.buffer, v.byteOffset, v.byteLength));
  writeFileSync(file, Buffer.concat([length, text, ...data]));
}
