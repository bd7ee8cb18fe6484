import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { referenceTensor } from './reference-tensor';
import { readReferenceTensors } from './safetensors';
import { writeReferenceTensors } from './write-safetensors';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'x.safetensors');
const tensors = {
  odd: referenceTensor(Uint8Array.of(7, 255, 1), [3]),
  f32: referenceTensor(Float32Array.of(1.5, -2), [2, 1]),
  f64: referenceTensor(Float64Array.of(Math.PI), []),
  i32: referenceTensor(Int32Array.of(-5, 2 ** 31 - 1), [1, 2]),
  i64: referenceTensor(BigInt64Array.of(-(2n ** 40n)), [1]),
  empty: referenceTensor(new Float32Array(0), [0, 4]),
};

test('every dtype is read back, whatever its alignment', () => {
  writeReferenceTensors(file(), tensors);
  const read = readReferenceTensors(file());
  expect([...read.keys()]).toEqual(Object.keys(tensors));
  for (const [name, { values, shape, dtype }] of Object.entries(tensors)) {
    expect(read.get(name)).toMatchObject({ values, shape, dtype });
  }
});

test('bytes written by hand are read as the format says', () => {
  const header = '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const length = Buffer.from([header.length, 0, 0, 0, 0, 0, 0, 0]);
  writeFileSync(file(), Buffer.concat([length, Buffer.from(header), Buffer.from([0, 0, 0x80, 0x3f])]));
  expect([...readReferenceTensors(file())].map(([name, { values }]) => [name, ...values])).toEqual([['w', 1]]);
});

test('a file cut short, or with a header that is none, is refused by name', () => {
  writeReferenceTensors(file(), tensors);
  const bytes = readFileSync(file());
  writeFileSync(file(), bytes.subarray(0, -1));
  expect(() => readReferenceTensors(file())).toThrow(/x\.safetensors: `i64` ends at .* cut short/);
  writeFileSync(file(), bytes.subarray(0, 40));
  expect(() => readReferenceTensors(file())).toThrow(/x\.safetensors: a header of \d+ bytes in a file of 40/);
  writeFileSync(file(), bytes.subarray(0, 3));
  expect(() => readReferenceTensors(file())).toThrow(/x\.safetensors: 3 bytes/);
});

test('a shape that does not fit its bytes, and an unknown dtype, are refused by name', () => {
  for (const [dtype, shape] of [
    ['F32', [2]],
    ['BF16', [2]],
  ]) {
    const header = JSON.stringify({ w: { dtype, shape, data_offsets: [0, 4] } });
    const length = Buffer.from([header.length, 0, 0, 0, 0, 0, 0, 0]);
    writeFileSync(file(), Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]));
    expect(() => readReferenceTensors(file())).toThrow(/x\.safetensors: `w` /);
  }
});
