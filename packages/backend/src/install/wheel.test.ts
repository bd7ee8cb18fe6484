import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { FormatError } from '@wsss/core';
import { afterAll, expect, test } from 'vitest';
import { nvidiaRequirements } from './nvidia-requirements';
import { unpackLibrary } from './unpack-library';
import { unpackNvidia } from './unpack-nvidia';
import { openWheel } from './wheel';

const folder = mkdtempSync(join(tmpdir(), 'wheel-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sum = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A zip of these files, every other deflated. */
function zip(path: string, files: Readonly<Record<string, string>>): string {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [i, [name, text]] of Object.entries(files).entries()) {
    const raw = Buffer.from(text);
    const [method, data] = i % 2 ? [8, deflateRawSync(raw)] : [0, raw];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32 ? crc32(raw) : 0, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.from('PK\x01\x02\x14\x00'), common, tail, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  writeFileSync(path, Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]));
  return path;
}

const content = {
  'tensorflow/libtensorflow_cc.so.2': 'library '.repeat(5000),
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/c_api.h': '#include "tensorflow/c/status.h"\n#include <stdio.h>\n',
  'tensorflow/include/tensorflow/c/status.h': '#include "tsl/status.h"',
  'tensorflow/include/external/local_tsl/tsl/status.h': '',
  'tensorflow/include/tensorflow/c/unused.h': '',
};

function tensorflowWheel(
  name: string,
  change: Readonly<Record<string, string>> = {},
  metadata = 'Name: tensorflow-cpu',
): string {
  const record = Object.entries(content).map(([file, text]) => `${file},sha256=${sum(text)},${text.length}`);
  const info = 'tensorflow_cpu-2.16.1.dist-info';
  return zip(join(folder, name), {
    ...content,
    ...change,
    [`${info}/METADATA`]: metadata,
    [`${info}/RECORD`]: [...record, `${info}/RECORD,,`].join('\n'),
  });
}

test('the library, its other names, and the headers that are included', async () => {
  const wheel = await openWheel(tensorflowWheel('whole.whl'));
  expect([wheel.name, wheel.version, await wheel.metadata()]).toEqual([
    'tensorflow_cpu',
    '2.16.1',
    'Name: tensorflow-cpu',
  ]);
  const deps = join(folder, 'deps');
  await unpackLibrary(wheel, deps, ['#include "tensorflow/c/c_api.h"\n#include <node_api.h>']);
  expect(readFileSync(join(deps, 'lib', 'libtensorflow.so.2'), 'utf8')).toBe(
    content['tensorflow/libtensorflow_cc.so.2'],
  );
  expect(readlinkSync(join(deps, 'lib', 'libtensorflow_framework.so'))).toBe('libtensorflow_framework.so.2');
  const headers = readdirSync(join(deps, 'include'), { recursive: true, encoding: 'utf8' });
  expect(headers.filter((name) => name.endsWith('.h')).sort()).toEqual([
    'tensorflow/c/c_api.h',
    'tensorflow/c/status.h',
    'tsl/status.h',
  ]);
});

test('a file that is not what the wheel says it is, is an error', async () => {
  const wheel = await openWheel(
    tensorflowWheel('changed.whl', { 'tensorflow/libtensorflow_framework.so.2': 'Framework' }),
  );
  await expect(unpackLibrary(wheel, join(folder, 'changed'), [])).rejects.toThrow(/framework.*SHA-256.*damaged/s);
});

test('a download that was cut short, and what is no wheel of TensorFlow, are errors', async () => {
  const path = tensorflowWheel('short.whl');
  truncateSync(path, statSync(path).size - 30);
  await expect(openWheel(path)).rejects.toThrow(FormatError);
  await expect(openWheel(path)).rejects.toThrow('The download was cut short');
  const other = await openWheel(
    zip(join(folder, 'other.whl'), { 'a-1.0.dist-info/METADATA': '', 'a-1.0.dist-info/RECORD': '' }),
  );
  await expect(unpackLibrary(other, join(folder, 'other'), [])).rejects.toThrow("TensorFlow's library");
});

test('NVIDIA’s wheels are those of the extra and-cuda', () => {
  const metadata = [
    'Requires-Dist: numpy<2.0.0,>=1.26.0',
    "Requires-Dist: nvidia-cublas-cu12==12.3.4.1; extra == 'and-cuda'",
    'Requires-Dist: nvidia-cudnn-cu12 (==8.9.7.29) ; extra == "and-cuda"',
    "Requires-Dist: nvidia-other==1; extra == 'other'",
  ].join('\n');
  expect(nvidiaRequirements(metadata)).toEqual(['nvidia-cublas-cu12==12.3.4.1', 'nvidia-cudnn-cu12==8.9.7.29']);
});

test('of a range of them it is the least', () => {
  // As TensorFlow 2.20.0 has them, and as others may write them.
  const metadata = [
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    'Requires-Dist: nvidia-nccl-cu12<3.0,>=2.25.1; extra == "and-cuda"',
    "Requires-Dist: nvidia-cudnn-cu12 (>=9.3.0.75, <10.0) ; extra == 'and-cuda'",
  ].join('\n');
  expect(nvidiaRequirements(metadata)).toEqual([
    'nvidia-cublas-cu12==12.5.3.2',
    'nvidia-nccl-cu12==2.25.1',
    'nvidia-cudnn-cu12==9.3.0.75',
  ]);
  expect(() => nvidiaRequirements('Requires-Dist: nvidia-x-cu12<13.0; extra == "and-cuda"')).toThrow(
    'it names no version: Requires-Dist: nvidia-x-cu12<13.0',
  );
});

/** A wheel of NVIDIA's, with one library, a header, and Python. */
function nvidiaWheel(requirement: string): string {
  const [name, version] = requirement.split('==') as [string, string];
  const part = name.split('-')[1]!;
  const files = {
    [`nvidia/${part}/lib/lib${part}.so.12`]: `the library ${part}`,
    [`nvidia/${part}/include/${part}.h`]: '',
    [`nvidia/${part}/__init__.py`]: '',
  };
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`;
  const record = Object.entries(files).map(([file, text]) => `${file},sha256=${sum(text)},${text.length}`);
  return zip(join(folder, `${name}.whl`), {
    ...files,
    [`${info}/METADATA`]: '',
    [`${info}/RECORD`]: [...record, `${info}/RECORD,,`].join('\n'),
  });
}

test('NVIDIA’s libraries come to where TensorFlow’s looks for them, and no more', async () => {
  const wheel = await openWheel(
    tensorflowWheel(
      'gpu.whl',
      {},
      ['cublas', 'cudnn'].map((part) => `Requires-Dist: nvidia-${part}-cu12==1.2; extra == 'and-cuda'`).join('\n'),
    ),
  );
  const deps = join(folder, 'gpu');
  const asked: string[] = [];
  await unpackNvidia(wheel, deps, async (requirement) => {
    asked.push(requirement);
    return nvidiaWheel(requirement);
  });
  expect(asked).toEqual(['nvidia-cublas-cu12==1.2', 'nvidia-cudnn-cu12==1.2']);
  const lib = join(deps, 'lib');
  expect(readFileSync(join(lib, '../nvidia/cublas/lib/libcublas.so.12'), 'utf8')).toBe('the library cublas');
  const files = readdirSync(deps, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
  expect(files.sort()).toEqual(['nvidia/cublas/lib/libcublas.so.12', 'nvidia/cudnn/lib/libcudnn.so.12']);
  for (const part of ['cublas', 'cudnn']) expect(existsSync(join(folder, `nvidia-${part}-cu12.whl`))).toBe(false);

  const none = await openWheel(tensorflowWheel('none.whl'));
  await expect(unpackNvidia(none, deps, async () => '')).rejects.toThrow('2.16.1 names no wheels of NVIDIA');
});
