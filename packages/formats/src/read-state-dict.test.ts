import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { FormatError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { readNpy, readStateDict } from './index';
import { writeZip } from './zip/write-zip';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const ascii = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

async function refused(bytes: Uint8Array<ArrayBuffer>, message: RegExp, options = {}): Promise<void> {
  const error = await readStateDict(bytes, { name: 'bad.pth', ...options })
    .then(async (tensors) => {
      for (const tensor of tensors.values()) await tensor.data();
    })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  expect(error.message).toMatch(/^bad\.pth/);
  expect(error.message).toMatch(message);
}

/** A checkpoint of torch from a pickle and storages. */
const checkpoint = (pickle: string, data: Record<string, Uint8Array> = {}, more: Record<string, Uint8Array> = {}) =>
  writeZip('test', [
    { name: 'a/data.pkl', bytes: latin1(pickle) },
    ...Object.entries(data).map(([name, bytes]) => ({ name: `a/data/${name}`, bytes })),
    ...Object.entries(more).map(([name, bytes]) => ({ name, bytes })),
  ]);
/** `_rebuild_tensor` of a float32 storage '0' of so many numbers. */
const tensor = (length: number, offset: number, shape: number[], strides: number[]) => {
  const integers = (values: number[]) => `(${values.map((n) => `L${n}L\n`).join('')}t`;
  const storage = `(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI${length}\ntQ`;
  return `ctorch._utils\n_rebuild_tensor\n(${storage}I${offset}\n${integers(shape)}${integers(strides)}tR`;
};
const dictionary = (entries: Record<string, string>) =>
  `(${Object.entries(entries)
    .map(([name, value]) => `V${name}\n${value}`)
    .join('')}d.`;

describe('which entry', () => {
  const keys = async (name: string, key?: string) => [
    ...(await readStateDict(fixture(name), key === undefined ? {} : { key })).keys(),
  ];

  test('of a checkpoint: the weights, or what is asked for', async () => {
    expect(await keys('checkpoint.pth')).toContain('1.running_mean');
    expect(await keys('checkpoint.pth', 'optimizer')).toEqual([
      'state.0.momentum_buffer',
      'state.1.momentum_buffer',
      'state.2.momentum_buffer',
      'state.3.momentum_buffer',
    ]);
    expect(await keys('checkpoint.pth', 'optimizer.state.1')).toEqual(['momentum_buffer']);
    expect(await keys('checkpoint.pth', 'state_dict.0.weight')).toEqual(['0.weight']);
    expect(await keys('nested.pth', 'encoder.blocks')).toEqual(['0', '1.bias']);
  });

  test('of flat names: those that begin with it', async () => {
    expect(await keys('checkpoint.pth', 'state_dict.1')).toEqual([
      'weight',
      'bias',
      'running_mean',
      'running_var',
      'num_batches_tracked',
    ]);
    expect(await keys('mxnet-v2.params', 'arg:index')).toEqual(['arg:index']);
    expect(await keys('arrays.npz', 'inner')).toEqual(['x']);
  });

  test('one that is not there, one without tensors', async () => {
    await refused(fixture('checkpoint.pth'), /an entry 'ema', got 'epoch', 'best_prec1'/, { key: 'ema' });
    await refused(fixture('checkpoint.pth'), /a dictionary of tensors, got one without any/, { key: 'sizes' });
  });
});

describe('what is read when', () => {
  test('of a large storage that many views share, only what each needs', async () => {
    const data = new Uint8Array(new Float32Array(100_000).map((_, i) => i).buffer);
    const entries = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`v${i}`, tensor(100_000, i * 2000, [2000], [1])]),
    );
    let read = 0;
    const tensors = await readStateDict(checkpoint(dictionary(entries), { 0: data }), {
      onProgress: (loaded) => {
        read = loaded;
      },
    });
    for (const [name, view] of tensors) {
      expect(((await view.data()) as Float32Array)[0]).toBe(Number(name.slice(1)) * 2000);
    }
    expect(read).toBeLessThan(1.2 * data.length);
  });
});

describe('a checkpoint that is not sound', () => {
  const twelve = new Uint8Array(48);
  test.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['no storage', checkpoint(dictionary({ x: tensor(12, 0, [12], [1]) })), /storage '0' of 48 bytes, got none/],
    [
      'a storage of another size',
      checkpoint(dictionary({ x: tensor(13, 0, [12], [1]) }), { 0: twelve }),
      /of 52 bytes, got 48/,
    ],
    [
      'a view beyond',
      checkpoint(dictionary({ x: tensor(12, 1, [12], [1]) }), { 0: twelve }),
      /a tensor \[12\] within its storage of 12/,
    ],
    [
      'a stride beyond',
      checkpoint(dictionary({ x: tensor(12, 0, [3, 4], [5, 1]) }), { 0: twelve }),
      /within its storage/,
    ],
    [
      'strides that overflow',
      checkpoint(dictionary({ x: tensor(12, 0, [2, 2], [2 ** 53 - 1, 2 ** 53 - 1]) }), { 0: twelve }),
      /within its storage/,
    ],
    [
      'a negative stride',
      checkpoint(dictionary({ x: tensor(12, 5, [5], [-1]) }), { 0: twelve }),
      /arguments that torch\._utils\._rebuild_tensor takes/,
    ],
    [
      'strides of another number',
      checkpoint(dictionary({ x: tensor(12, 0, [3, 4], [1]) }), { 0: twelve }),
      /within its storage/,
    ],
    [
      'a billion numbers from one',
      checkpoint(dictionary({ x: tensor(12, 0, [1e9], [0]) }), { 0: twelve }),
      /of at most 4194304 numbers/,
    ],
    [
      'a shape beyond numbers',
      checkpoint(dictionary({ x: tensor(12, 0, [2 ** 52, 4], [0, 0]) }), { 0: twelve }),
      /a shape that a tensor can have/,
    ],
    [
      'one storage as two types',
      checkpoint(
        dictionary({ x: tensor(12, 0, [1], [1]), y: tensor(12, 0, [1], [1]).replace('FloatStorage', 'IntStorage') }),
        { 0: twelve },
      ),
      /the id of a storage/,
    ],
    ['a pickle cut short', checkpoint('}(Vx\n'), /a whole pickle in a\/data\.pkl/],
    ['itself inside of itself', checkpoint('}q\u0001Vx\nh\u0001s.'), /contains itself/],
    [
      'a dictionary that doubles forty times',
      checkpoint(`(Vx\n${tensor(12, 0, [1], [1])}dq\u0000${'0(Va\nh\u0000Vb\nh\u0000dq\u0000'.repeat(25)}.`, {
        0: twelve,
      }),
      /at most 200000 entries/,
    ],
    ['big-endian', checkpoint('}.', {}, { 'a/byteorder': ascii('big') }), /little-endian/],
    ['TorchScript', checkpoint('}.', {}, { 'a/constants.pkl': ascii(').') }), /a program of TorchScript/],
    ['a command', checkpoint('cos\nsystem\n(Vid\ntR.'), /wants os\.system/],
    ['no tensors', checkpoint('(Vx\nI1\nd.'), /got one without any/],
  ])('%s', async (_, bytes, message) => refused(bytes, message));

  test('a changed byte of the weights does not go unnoticed, on demand', async () => {
    for (const shape of [[12], [3]]) {
      const bytes = checkpoint(dictionary({ x: tensor(12, 0, shape, [1]) }), { 0: twelve.map((_, i) => 100 + i) });
      bytes[bytes.lastIndexOf(147)]! ^= 1;
      await refused(bytes, /checksum [0-9a-f]{8} of 'a\/data\/0'/, { verify: true });
      expect((await (await readStateDict(bytes)).get('x')!.data()).length).toBe(shape[0]);
    }
  });

  test('an empty dictionary is one', async () => expect((await readStateDict(checkpoint('}.'))).size).toBe(0));
});

describe('a zip that is not sound', () => {
  const sound = fixture('torch-zip.pth');
  const end = sound.length - 22;
  const patched = (change: (view: DataView) => void) => {
    const bytes = sound.slice();
    change(new DataView(bytes.buffer));
    return bytes;
  };
  const directory = new DataView(sound.buffer).getUint32(end + 16, true);

  test.each<[string, () => Uint8Array<ArrayBuffer>, RegExp]>([
    ['cut short', () => sound.slice(0, -30), /the zip's directory at its end/],
    [
      'without its first half',
      () => {
        const b = sound.slice(2000);
        b.set([0x50, 0x4b, 3, 4]);
        return b;
      },
      /within|where the zip directory says/,
    ],
    [
      'a directory beyond the file',
      () => patched((v) => v.setUint32(end + 16, 0x7fffffff, true)),
      /a zip directory within/,
    ],
    [
      'more entries than it can hold',
      () => patched((v) => v.setUint16(end + 10, 60000, true)),
      /a zip directory within/,
    ],
    ['a huge directory', () => patched((v) => v.setUint32(end + 12, 0xfffffff0, true)), /a zip directory within/],
    ['encrypted', () => patched((v) => v.setUint16(directory + 8, 1, true)), /not encrypted/],
    [
      'packed by a method of its own',
      () => patched((v) => v.setUint16(directory + 10, 99, true)),
      /packed by method 99/,
    ],
    ['a size of its own', () => patched((v) => v.setUint32(directory + 24, 7, true)), /stored as 7 bytes/],
    [
      'an entry beyond',
      () => patched((v) => v.setUint32(directory + 42, directory - 8, true)),
      /of the zip to end before/,
    ],
    [
      'entries that overlap',
      () =>
        patched((v) =>
          v.setUint32(
            directory +
              46 +
              v.getUint16(directory + 28, true) +
              v.getUint16(directory + 30, true) +
              v.getUint16(directory + 32, true) +
              42,
            0,
            true,
          ),
        ),
      /of the zip to end before/,
    ],
    ['a header of another name', () => patched((v) => v.setUint8(30, 0x41)), /where the zip directory says/],
    [
      'the same name twice',
      () =>
        writeZip('t', [
          { name: 'x.npy', bytes: ascii('') },
          { name: 'x.npy', bytes: ascii('') },
        ]),
      /'x\.npy' twice/,
    ],
    [
      'of other files',
      () => writeZip('t', [{ name: 'word/document.xml', bytes: ascii('') }]),
      /one with word\/document\.xml/,
    ],
  ])('%s', async (_, bytes, message) => refused(bytes(), message));

  test('sizes of 64 bits are read from their own record, which must be there', async () => {
    const wide = patched((v) => v.setUint32(end + 12, 0xffffffff, true));
    expect((await readStateDict(wide)).size).toBe((await readStateDict(sound)).size);
    const plain = writeZip('t', [{ name: 'x.npy', bytes: ascii('') }]);
    new DataView(plain.buffer).setUint32(plain.length - 22 + 12, 0xffffffff, true);
    await refused(plain, /second directory record/);
  });

  /** A compressed entry that is not what it says. */
  function bomb(content: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
    const packed = new Uint8Array(deflateRawSync(content));
    const zip = writeZip('t', [{ name: 'x.npy', bytes: packed }]);
    const view = new DataView(zip.buffer);
    const start = view.getUint32(zip.length - 22 + 16, true);
    view.setUint16(8, 8, true);
    view.setUint16(start + 10, 8, true);
    view.setUint32(start + 24, size, true);
    return zip;
  }
  const array = (bytes: number) => {
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${bytes},), }`.padEnd(117);
    const file = new Uint8Array(128 + bytes);
    file.set(latin1(`\x93NUMPY\x01\0\x76\0${header}\n`));
    return file;
  };
  test.each<[string, () => Uint8Array<ArrayBuffer>, RegExp]>([
    [
      'says that it is more than deflate can do',
      () => bomb(array(1000), 2 ** 31),
      /expected 4096 bytes of compressed data, got 1128/,
    ],
    [
      'unpacks to far more than is usual',
      () => bomb(array(2 ** 26 + 100_000), 128 + 2 ** 26 + 100_000),
      /at most 200 times.*\nIt may be a bomb/,
    ],
    ['unpacks to more than it says', () => bomb(array(1000), 500), /bytes for \[1000\]/],
    ['has another checksum', () => bomb(array(1000), 1128), /checksum/],
  ])('an entry that %s', async (_, bytes, message) => refused(bytes(), message));
});

describe('arrays that are not sound', () => {
  const npy = (header: string, data: Uint8Array | number = 0) => {
    const text = ascii(header);
    const body = typeof data === 'number' ? new Uint8Array(data) : data;
    return Uint8Array.from([0x93, ...ascii('NUMPY'), 1, 0, text.length & 255, text.length >> 8, ...text, ...body]);
  };
  const header = (code: string, shape: string) => `{'descr': '${code}', 'fortran_order': False, 'shape': ${shape}, }`;
  test.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['cut short', npy(header('<f4', '(3,)'), 8), /12 bytes for \[3\] of <f4, got 8/],
    ['too long', npy(header('<f4', '(3,)'), 13), /12 bytes for \[3\] of <f4, got 13/],
    ['text', npy(header('<U4', '(1,)'), 16), /one of dtype '<U4'/],
    [
      'records',
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4),
      /descr, fortran_order and shape/,
    ],
    ['complex numbers', npy(header('<c8', '(1,)'), 8), /one of dtype '<c8'/],
    ['a negative size', npy(header('<f4', '(-1,)')), /descr, fortran_order and shape/],
    ['an absurd size', npy(header('<f4', '(9999999999999999, 2)')), /a shape that a tensor can have/],
    ['version 9', npy(header('<f4', '()'), 4).map((byte, i) => (i === 6 ? 9 : byte)), /version 1 to 3/],
    ['a header beyond the file', npy('xxxx').map((byte, i) => (i === 9 ? 255 : byte)), /a \.npy header of at most/],
    ['nothing but the magic', npy('').slice(0, 8), /version 1 to 3/],
    ['2', npy(header('|b1', '(1,)'), Uint8Array.of(2)), /booleans in 'an array', got 2/],
  ])('%s', async (_, bytes, message) => {
    const error = await readNpy(bytes, { name: 'bad.npy' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(/^bad\.npy: /);
    expect(error.message).toMatch(message);
  });

  test('a dictionary is no array, and an array no dictionary', async () => {
    await expect(readNpy(fixture('cls_labels.npy'))).rejects.toThrow(/pickled objects.\nreadStateDict reads/);
    await refused(fixture('float32.npy'), /an array without a name.\nIt is a single array: readNpy/);
  });

  test('a dictionary that calls', async () => {
    const bytes = fixture('pickled-3.npy');
    const at = Buffer.from(bytes).indexOf('cnumpy.core.multiarray\n_reconstruct');
    bytes.set(ascii('cos\nsystem\n'), at);
    await refused(bytes, /wants os\.system/);
  });
});

describe('MXNet’s parameters that are not sound', () => {
  const sound = fixture('mxnet-v2.params');
  const patched = (at: number, ...bytes: number[]) => {
    const copy = sound.slice();
    copy.set(bytes, at);
    return copy;
  };
  test.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['cut short', sound.slice(0, 150), /144 bytes at 76|cut short/],
    ['cut within the names', sound.slice(0, -3), /bytes/],
    ['too long', Uint8Array.from([...sound, 0]), /as many arrays, got 1 bytes more/],
    ['more arrays than it can hold', patched(16, 255, 255, 255), /at most \d+ arrays or names/],
    ['a sparse array', patched(28, 1), /a sparse one \(storage type 1\)/],
    ['a hundred dimensions', patched(32, 100), /64 dimensions/],
    ['an absurd size', patched(36, 255, 255, 255, 255, 255, 255), /a shape that a tensor can have|bytes at/],
    ['an unknown type', patched(76, 9), /an element type among/],
  ])('%s', async (_, bytes, message) => refused(bytes, message));
});

describe('other files', () => {
  test.each<[string, string, RegExp]>([
    ['a web page', '<!DOCTYPE html><html>', /a web page in place of the file/],
    ['Git LFS', 'version https://git-lfs.github.com/spec/v1', /Git LFS/],
    ['HDF5', '\x89HDF\r\n\x1a\n', /an HDF5 file/],
    ['a pickle', '\x80\x04N.', /a plain pickle/],
    ['a tar', `${'x'.repeat(257)}ustar`, /a tar, perhaps of a torch before/],
    ['anything', 'abcdefghijk', /begins with 61 62 63 64 65 66 67 68.\nRead are \.safetensors/],
  ])('%s', async (_, text, message) => refused(latin1(text), message));
});
