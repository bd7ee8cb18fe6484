import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FormatError, hostTensor, type TensorLike, ValueError } from '@wsss/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBytes } from '../read-bytes';
import { readStateDict } from '../read-state-dict';
import { writeSafetensors } from '../safetensors/write-safetensors';
import { saveBytes } from '../save-bytes';

let folder: string;
let path: string;
let bytes: Uint8Array<ArrayBuffer>;
let server: Server;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wsss-formats-'));
  path = join(folder, 'a.safetensors');
  bytes = await writeSafetensors(
    new Map<string, TensorLike>([
      ['x', hostTensor(Float32Array.of(1, 2, 3, 4), [2, 2])],
      ['y', hostTensor(Int32Array.of(5), [1])],
    ]),
  );
  await writeFile(path, bytes);
  server = createServer((request, response) => {
    if (request.url === '/missing') response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': bytes.length });
    if (request.url === '/cut') {
      response.write(bytes.subarray(0, 20));
      setTimeout(() => response.destroy(), 20);
    } else if (request.url !== '/missing') response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

describe('the same tensors from', () => {
  const inputs: [string, () => Parameters<typeof readStateDict>[0]][] = [
    ['bytes', () => bytes],
    ['a part of a buffer', () => new Uint8Array([0, ...bytes, 0]).subarray(1, bytes.length + 1)],
    ['an ArrayBuffer', () => bytes.buffer],
    ['a Node buffer', () => Buffer.from(bytes)],
    ['a Blob', () => new Blob([bytes])],
    ['a path', () => path],
    ['a file URL', () => pathToFileURL(path)],
    ['a file URL as text', () => pathToFileURL(path).href],
    ['a URL', () => new URL(`${address}/a`)],
    ['a URL as text', () => `${address}/a`],
    ['a data URL', () => `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`],
  ];
  test.each(inputs)('%s', async (_, input) => {
    const tensors = await readStateDict(input());
    expect([...tensors.keys()]).toEqual(['x', 'y']);
    const [x, again, y] = await Promise.all([
      tensors.get('x')!.data(),
      tensors.get('x')!.data(),
      tensors.get('y')!.data(),
    ]);
    expect(x).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(again).toEqual(x);
    expect(y).toEqual(Int32Array.of(5));
  });
});

describe('the error names', () => {
  const failures: [string, () => Parameters<typeof readStateDict>[0], string][] = [
    ['a missing path', () => join(folder, 'none.pth'), 'none.pth: expected a file that can be read, got no such file.'],
    ['a folder', () => folder, 'got a folder'],
    ['a missing URL', () => `${address}/missing`, '/missing: expected a file to download, got status 404.'],
    ['a download cut short', () => `${address}/cut`, '/cut: expected the whole file, got 20 bytes'],
    ['no server', () => 'http://127.0.0.1:1/a', 'http://127.0.0.1:1/a: expected a file to download, got no answer.'],
    ['a damaged file', () => new File(['nonsense!'], 'w.bin'), 'w.bin: expected a file of weights'],
  ];
  test.each(failures)('%s', async (_, input, message) => {
    const error = await readStateDict(input()).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(message);
  });

  test('an input of another kind', async () => {
    await expect(readStateDict(7 as unknown as string)).rejects.toThrow(ValueError);
    await expect(readStateDict('')).rejects.toThrow(ValueError);
  });

  test('a file that changed between the header and the data', async () => {
    const copy = join(folder, 'changing.safetensors');
    await writeFile(copy, bytes);
    const tensors = await readStateDict(copy);
    await truncate(copy, bytes.length - 4);
    await new Promise((resolve) => setTimeout(resolve, 150)); // until the file is closed
    await expect(tensors.get('x')!.data()).rejects.toThrow(/changing\.safetensors: .* that has changed since/s);
  });
});

test('progress is told, up to the whole', async () => {
  for (const input of [path, `${address}/a`, bytes]) {
    const told: [number, number | undefined][] = [];
    await readBytes(input, { onProgress: (...step) => told.push(step) });
    expect(told.at(-1)).toEqual([bytes.length, bytes.length]);
  }
});

test('a signal stops reading', async () => {
  const stop = new AbortController();
  const tensors = await readStateDict(path, { signal: stop.signal });
  stop.abort();
  await expect(tensors.get('x')!.data()).rejects.toThrow('aborted');
  await expect(readStateDict(`${address}/a`, { signal: stop.signal })).rejects.toThrow('aborted');
});

describe('saveBytes', () => {
  test('makes the folder, replaces the file, leaves no other', async () => {
    const target = join(folder, 'new/deep/file.bin');
    await saveBytes(target, Uint8Array.of(1));
    await saveBytes(pathToFileURL(target), Uint8Array.of(2, 3));
    expect(await readBytes(target)).toEqual(Uint8Array.of(2, 3));
    expect(await readdir(join(folder, 'new/deep'))).toEqual(['file.bin']);
  });

  test('leaves nothing where it fails', async () => {
    const target = join(folder, 'taken');
    await saveBytes(join(target, 'inside'), Uint8Array.of(1));
    await expect(saveBytes(target, Uint8Array.of(1))).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
