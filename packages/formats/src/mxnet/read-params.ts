import { FormatError } from '@wsss/core';
import { ELEMENT_TYPES, type ElementType } from '../element-type';
import { lazyTensor } from '../lazy-tensor';
import type { StateDict } from '../read-state-dict';
import { shapeSize } from '../shape-size';
import type { ByteSource } from '../source/byte-source';
import { SourceCursor } from '../source/source-cursor';

const MAGIC = [0x12, 1, 0, 0, 0, 0, 0, 0];

/** What an array begins with: dimensions of 64 bits; a storage type before them; scalars too. Else: 32 bits, and old. */
const V1 = 0xf993fac8;
const V2 = 0xf993fac9;
const V3 = 0xf993faca;

const types: Readonly<Record<number, ElementType>> = {
  0: ELEMENT_TYPES.float32,
  1: ELEMENT_TYPES.float64,
  2: ELEMENT_TYPES.float16,
  3: ELEMENT_TYPES.uint8,
  4: ELEMENT_TYPES.int32,
  5: ELEMENT_TYPES.int8,
  6: ELEMENT_TYPES.int64,
  7: ELEMENT_TYPES.bool,
  12: ELEMENT_TYPES.bfloat16,
};

interface PlacedArray {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

export function isParams(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * The arrays of an MXNet `.params` file under their names there, such as `arg:conv1a_weight`: a count, the arrays, a
 * count, their names.
 *
 * Source: Apache MXNet, `src/ndarray/ndarray.cc`, as a description of the format.
 */
export async function readParams(source: ByteSource): Promise<StateDict> {
  const { name: file } = source;
  const cursor = new SourceCursor(source, 16);
  const arrays: (PlacedArray | undefined)[] = [];
  for (let count = await readCount(cursor, 4); count > 0; count--) arrays.push(await readArray(cursor));
  const names: string[] = [];
  for (let count = await readCount(cursor, 8); count > 0; count--) names.push(await readName(cursor));
  if (names.length !== arrays.length || cursor.at !== source.size) {
    const got = cursor.at === source.size ? `${names.length}` : `${source.size - cursor.at} bytes more`;
    throw new FormatError(file, `${arrays.length} names for as many arrays`, got, 'The file is damaged.');
  }
  const tensors: StateDict = new Map();
  for (const [i, array] of arrays.entries()) {
    const name = names[i]!;
    if (tensors.has(name)) throw new FormatError(file, 'every array once', `'${name}' twice`);
    if (array) tensors.set(name, lazyTensor(name, array.type, array.shape, { source, ...array }));
  }
  return tensors;
}

/** How many follow, of at least so many bytes each. */
async function readCount(cursor: SourceCursor, least: number): Promise<number> {
  const count = await cursor.uint64();
  const room = cursor.source.size - cursor.at;
  if (count > room / least) throw cursor.damaged(`at most ${Math.floor(room / least)} arrays or names`, `${count}`);
  return count;
}

async function readName(cursor: SourceCursor): Promise<string> {
  const length = await cursor.uint64();
  if (length > 4096) throw cursor.damaged('a name of at most 4096 bytes', `${length}`);
  return new TextDecoder().decode(await cursor.raw(length));
}

/** An array's shape, type and place; `undefined` for one that is none. */
async function readArray(cursor: SourceCursor): Promise<PlacedArray | undefined> {
  const magic = await cursor.uint32();
  const old = magic !== V1 && magic !== V2 && magic !== V3;
  if (magic === V2 || magic === V3) {
    const kind = await cursor.uint32();
    if (kind !== 0) throw cursor.damaged('dense arrays', `a sparse one (storage type ${kind | 0})`);
  }
  const dimensions = old ? magic : await cursor.uint32();
  if (dimensions === 0xffffffff || (dimensions === 0 && magic !== V3)) return undefined;
  if (dimensions > 64) throw cursor.damaged('an array of at most 64 dimensions', `${dimensions}`);
  const shape: number[] = [];
  for (let d = 0; d < dimensions; d++) shape.push(old ? await cursor.uint32() : await cursor.uint64());
  await cursor.raw(8); // the device that it was on
  const code = await cursor.uint32();
  const type = types[code];
  if (!type) throw cursor.damaged(`an element type among ${Object.keys(types).join(', ')}`, `${code}`);
  const byteLength = shapeSize(cursor.source.name, 'an array', shape) * type.bytes;
  const offset = cursor.at;
  cursor.skip(byteLength);
  return { type, shape, offset, byteLength };
}
