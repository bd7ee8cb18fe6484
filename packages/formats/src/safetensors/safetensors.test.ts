import { existsSync, readFileSync } from 'node:fs';
import { FormatError, hostTensor, random, type TensorLike, type TypedArray, ValueError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { readStateDict } from '../read-state-dict';
import { writeSafetensors } from './write-safetensors';

/** A file from a header as it stands, and data. */
function file(header: string | object, data: Uint8Array | number = 0, length?: number | bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const body = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function everyType(): Map<string, TensorLike> {
  const arrays: TypedArray[] = [
    Float32Array.of(1.5, -2, 0),
    Float64Array.of(Math.PI, -0, 1e300),
    Int8Array.of(-128, 0, 127),
    Int16Array.of(-32768, 0, 32767),
    Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1),
    BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
    Uint8Array.of(0, 1, 255),
    Uint16Array.of(0, 1, 65535),
    Uint32Array.of(0, 1, 2 ** 32 - 1),
    BigUint64Array.of(0n, 1n, 2n ** 64n - 1n),
  ];
  const tensors = new Map<string, TensorLike>(
    arrays.map((values) => [`a.${values.constructor.name}`, hostTensor(values, [3, 1])]),
  );
  tensors.set('bool', hostTensor(Uint8Array.of(1, 0), [2], 'bool'));
  tensors.set('scalar', hostTensor(Float32Array.of(7), []));
  tensors.set('empty', hostTensor(new Float32Array(0), [0, 5]));
  tensors.set('__proto__', hostTensor(Int8Array.of(1), [1]));
  tensors.set('with "quotes", ünïcode and \n', hostTensor(Int8Array.of(2), [1]));
  return tensors;
}

describe('what is written is read', () => {
  test('every dtype, odd shapes, odd names', async () => {
    const tensors = everyType();
    const read = await readStateDict(await writeSafetensors(tensors, { metadata: { format: 'pt' } }));
    expect(new Set(read.keys())).toEqual(new Set(tensors.keys()));
    for (const [name, { shape, dtype, data }] of tensors) {
      const tensor = read.get(name)!;
      expect(tensor.shape).toEqual(shape);
      expect(tensor.dtype).toBe(dtype);
      expect(await tensor.data()).toEqual(await data());
    }
  });

  test('an empty dictionary', async () => {
    expect((await readStateDict(await writeSafetensors(new Map()))).size).toBe(0);
  });

  test('of aligned bytes the values are a view, of others a copy, equal both times', async () => {
    const bytes = await writeSafetensors(new Map([['x', hostTensor(Float32Array.of(1, 2, 3), [3])]]));
    const moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    const straight = (await (await readStateDict(bytes)).get('x')!.data()) as Float32Array;
    const shifted = (await (await readStateDict(moved.subarray(1))).get('x')!.data()) as Float32Array;
    expect(straight.buffer).toBe(bytes.buffer);
    expect(shifted).toEqual(straight);
  });

  test('half precision and bfloat16 become float32', async () => {
    const data = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3f80, 0x4049).buffer);
    const read = await readStateDict(file({ h: entry('F16', [2], 0, 4), b: entry('BF16', [1, 2], 4, 8) }, data));
    expect(read.get('h')).toMatchObject({ dtype: 'float32', shape: [2] });
    expect(await read.get('h')!.data()).toEqual(Float32Array.of(1, -2));
    expect(await read.get('b')!.data()).toEqual(Float32Array.of(1, 3.140625));
  });

  test('the order of the file is kept, wherever the data lie', async () => {
    const data = new Uint8Array(Float32Array.of(1, 2).buffer);
    const read = await readStateDict(file({ b: entry('F32', [1], 4, 8), a: entry('F32', [1], 0, 4) }, data));
    expect([...read.keys()]).toEqual(['b', 'a']);
    expect(await read.get('b')!.data()).toEqual(Float32Array.of(2));
  });
});

describe('a header that is not sound', () => {
  const f32 = entry('F32', [2], 0, 8);
  const cases: [string, Uint8Array, RegExp][] = [
    ['empty', new Uint8Array(0), /a file of weights, got an empty file/],
    ['something else', new TextEncoder().encode('<!doctype html>'), /a web page/],
    ['a length alone', file('{}').subarray(0, 8), /begins with 02 00/],
    ['cut within the length', file('{}').subarray(0, 5), /weights/],
    ['cut within the header', file({ x: f32 }, 8).subarray(0, 30), /at most 22 bytes.*\nIs the file cut short/],
    ['cut within the data', file({ x: f32 }, 7), /'x' to end within 7 bytes of data, got an end at 8/],
    ['data left over', file({ x: f32 }, 9), /8 bytes of data, which its tensors need, got 9/],
    ['a huge header', file('{}', 0, 2n ** 63n), /at most 2 bytes, got a length of 9223372036854775808/],
    ['an overlap', file({ x: f32, y: entry('F32', [2], 4, 12) }, 12), /'y' to begin at 8 of the data, got 4.*overlap/],
    ['the same bytes twice', file({ x: f32, y: f32 }, 8), /'y' to begin at 8 of the data, got 0.*overlap/],
    ['a gap', file({ x: entry('F32', [1], 4, 8) }, 8), /'x' to begin at 0 of the data, got 4.*gap/],
    ['offsets out of range', file({ x: entry('F32', [1e9], 0, 4e9) }, 8), /'x' to end within 8 bytes/],
    ['offsets backwards', file({ x: entry('F32', [2], 8, 0) }, 8), /8 bytes for 'x'/],
    ['three offsets', file({ x: { ...f32, data_offsets: [0, 8, 8] } }, 8), /8 bytes for 'x'/],
    ['no offsets', file({ x: { ...f32, data_offsets: [] } }, 8), /8 bytes for 'x'/],
    [
      'a shape of other bytes',
      file({ x: entry('F32', [3], 0, 8) }, 8),
      /12 bytes for 'x', \[3\] of F32, got data_offsets/,
    ],
    [
      'a shape beyond numbers',
      file('{"x":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,0]}}'),
      /a shape that a tensor can have, for 'x'/,
    ],
    [
      'an absurd size hidden by a zero',
      file('{"x":{"dtype":"F32","shape":[0,9007199254740991,3],"data_offsets":[0,0]}}'),
      /shape/,
    ],
    ['65 dimensions', file({ x: entry('I8', new Array(65).fill(1), 0, 1) }, 1), /shape/],
    ['a size below zero', file({ x: entry('F32', [-2], 0, 8) }, 8), /whole number.*got "-2/],
    ['a size with a fraction', file({ x: entry('F32', [2.5], 0, 10) }, 10), /got "\.5/],
    ['a size in scientific notation', file('{"x":{"dtype":"F32","shape":[1e1],"data_offsets":[0,40]}}', 40), /got "e1/],
    [
      'a size with 400 digits',
      file(`{"x":{"dtype":"F32","shape":[${'9'.repeat(400)}],"data_offsets":[0,8]}}`, 8),
      /whole number/,
    ],
    ['a leading zero', file('{"x":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}', 8), /whole number/],
    ['an unknown dtype', file({ x: entry('F31', [2], 0, 8) }, 8), /a dtype among F64.*'F31'/],
    ['a dtype of the prototype', file({ x: entry('toString', [2], 0, 8) }, 8), /a dtype among/],
    ['a dtype that is no string', file('{"x":{"dtype":3,"shape":[2],"data_offsets":[0,8]}}', 8), /a string/],
    ['no dtype, no shape', file({ x: { data_offsets: [0, 8] } }, 8), /got no dtype, no shape/],
    ['an unknown key', file({ x: { ...f32, strides: [1] } }, 8), /once each, got 'strides'/],
    [
      'a tensor twice',
      file(`{"x":${JSON.stringify(f32)},"x":${JSON.stringify(f32)}}`, 8),
      /every tensor once, got 'x' twice/,
    ],
    [
      'a tensor twice by escapes',
      file(`{"x":${JSON.stringify(f32)},"\\u0078":${JSON.stringify(f32)}}`, 8),
      /'x' twice/,
    ],
    [
      'a key twice',
      file('{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8),
      /once each, got 'dtype'/,
    ],
    ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), /twice/],
    ['metadata that nest', file('{"__metadata__":{"a":{}}}'), /a string/],
    ['a million brackets', file(`{"x":${'['.repeat(1e6)}`), /got "\[\[/],
    ['a million braces', file('{"x":'.repeat(1e6)), /got /],
    ['a list', file('[]'), /begins with/],
    ['no closing brace', file('{"x":{"dtype":"F32"'), /got its end/],
    ['a comma too many', file(`{"x":${JSON.stringify(f32)},}`, 8), /a string/],
    ['something after it', file(`{"x":${JSON.stringify(f32)}}x`, 8), /the end of the header/],
    ['a string without end', file('{"x'), /a string/],
    ['a bad escape', file('{"\\x":{}}'), /a string/],
    ['a null byte in it', file('{"a\u0000":{}}'), /a string/],
    ['not UTF-8', file('{"é":{}}').map((byte) => (byte === 0xc3 ? 0xff : byte)), /not UTF-8/],
    ['a byte order mark', file('\ufeff{}'), /begins with/],
  ];
  test.each(cases)('%s', async (_, bytes, message) => {
    const error = await readStateDict(bytes, { name: 'bad.safetensors' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^bad\.safetensors: expected /);
    expect(error.message.length).toBeLessThan(400);
  });

  test('booleans that are neither 0 nor 1', async () => {
    const read = await readStateDict(file({ x: entry('BOOL', [2], 0, 2) }, Uint8Array.of(1, 2)));
    await expect(read.get('x')!.data()).rejects.toThrow("bytes: expected booleans in 'x', got 2.");
  });
});

test('of mutated files: a typed error, or tensors whose shapes agree with their data', async () => {
  const sound = await writeSafetensors(everyType(), { metadata: { a: 'b' } });
  const seeded = random(1);
  const headerEnd = 8 + Number(new DataView(sound.buffer).getBigUint64(0, true));
  let refused = 0;
  for (let round = 0; round < 500; round++) {
    const bytes = sound.slice(0, round % 4 === 0 ? seeded.integer(0, sound.length) : sound.length);
    for (let flips = seeded.integer(1, 3); flips > 0 && bytes.length > 0; flips--) {
      bytes[seeded.integer(0, Math.min(bytes.length, headerEnd) - 1)] = seeded.integer(0, 255);
    }
    try {
      for (const tensor of (await readStateDict(bytes)).values()) {
        expect((await tensor.data()).length).toBe(tensor.shape.reduce((a, b) => a * b, 1));
      }
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(300);
});

describe('the writer refuses', () => {
  const one = hostTensor(Float32Array.of(1), [1]);
  const cases: [string, unknown, string][] = [
    ['a plain object', { x: one }, 'to be a Map'],
    ['a key that is no name', new Map([[1, one]]), 'names as keys'],
    ['the reserved name', new Map([['__metadata__', one]]), '__metadata__'],
    ['no tensor', new Map([['x', [1]]]), "tensors 'x'"],
    ['strings', new Map([['x', { shape: [1], dtype: 'string', data: async () => ['a'] }]]), 'real numbers'],
    ['complex', new Map([['x', { shape: [1], dtype: 'complex64', data: async () => new Float32Array(2) }]]), 'real'],
    ['a shape of another size', new Map([['x', { ...one, shape: [2] }]]), 'to hold 1 values'],
  ];
  test.each(cases)('%s', async (_, tensors, message) => {
    await expect(writeSafetensors(tensors as Map<string, TensorLike>)).rejects.toThrow(message);
  });

  test('metadata that are no strings', async () => {
    const metadata = { step: 3 } as unknown as Record<string, string>;
    await expect(writeSafetensors(new Map(), { metadata })).rejects.toThrow(ValueError);
  });
});

const weights = new URL('../../../../../shared/data/weights/', import.meta.url);
test.skipIf(!existsSync(weights))('real files of ../shared/data/weights, where they are', async () => {
  const path = new URL('resnet50v2_to_stage3_f16.safetensors', weights);
  const lazily = await readStateDict(path);
  const whole = await readStateDict(readFileSync(path));
  let parameters = 0;
  for (const [name, tensor] of lazily) {
    const values = (await tensor.data()) as Float32Array;
    expect(tensor.dtype).toBe('float32');
    expect(values.length).toBe(tensor.shape.reduce((a, b) => a * b, 1));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(
      Buffer.compare(
        new Uint8Array(values.buffer),
        new Uint8Array((await whole.get(name)!.data()).buffer as ArrayBuffer),
      ),
    ).toBe(0);
    parameters += values.length;
  }
  expect(parameters).toBeGreaterThan(8.5e6);
  expect(lazily.get('conv0.weight')!.shape).toEqual([64, 3, 7, 7]);
});
