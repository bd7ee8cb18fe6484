import '@tensorflow/tfjs-backend-cpu';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { FormatError, ValueError } from '@wsss/core';
import { writeSafetensors } from '@wsss/formats';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadPretrained } from './load-pretrained';
import { mobilenetV2 } from './mobilenet-v2';
import { stateDict } from './state-dict';

const options = { widthMultiplier: 0.1 };
let folder: string;
let file: Uint8Array;
let first: Float32Array;
let server: Server;
let origin: string;
/** What the server was asked, and how it is to behave. */
let asked: { range: string | undefined }[] = [];
let tag = '"1"';
let cutAfter: number | undefined;

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
  const network = mobilenetV2({ ...options, seed: 4, classes: 10 });
  const weights = await stateDict(network);
  first = weights.get('features.0.0.weight')!.values;
  file = await writeSafetensors(weights);
  network.dispose();
  server = createServer((request, response) => {
    asked.push({ range: request.headers.range });
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const start = from !== undefined && request.headers['if-range'] === tag ? Number(from) : 0;
    if (request.url!.includes('none')) return void response.writeHead(404).end();
    response.writeHead(start > 0 ? 206 : 200, {
      etag: tag,
      'content-length': file.length - start,
      ...(start > 0 && { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` }),
    });
    if (cutAfter === undefined) return void response.end(file.subarray(start));
    response.write(file.subarray(start, cutAfter));
    // Not before the client has kept something, however slow it is.
    const watch = setInterval(() => {
      if (!readdirSync(folder).some((name) => name.endsWith('.part') && statSync(join(folder, name)).size > 0)) return;
      clearInterval(watch);
      response.destroy();
    }, 5);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => void server.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wsss-pretrained-'));
  [asked, tag, cutAfter] = [[], '"1"', undefined];
  return () => rmSync(folder, { recursive: true });
});

const load = (from: string, more: object = {}) =>
  loadPretrained('mobilenetV2', { from, cache: folder, network: options, ...more });

async function expectLoaded(loading: ReturnType<typeof load>) {
  const { network, report } = await loading;
  expect(report.missing).toEqual([]);
  expect(report.unused).toEqual(['classifier.1.weight', 'classifier.1.bias']);
  const again = await stateDict(network);
  expect(again.get('features.0.0.weight')!.values).toEqual(first);
  network.dispose();
}

test('downloads once, with progress; the second time needs no network', async () => {
  const before = memory().numTensors;
  const progress: [number, number | undefined][] = [];
  await expectLoaded(load(`${origin}/a.safetensors`, { onProgress: (...now: [number, number]) => progress.push(now) }));
  expect(progress.at(-1)).toEqual([file.length, file.length]);
  await expectLoaded(load(`${origin}/a.safetensors`));
  expect(asked.length).toBe(1);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{8}-a\.safetensors$/)]);
  expect(memory().numTensors).toBe(before);
});

test('goes on with a download that was cut short', async () => {
  cutAfter = 10_000;
  await expect(load(`${origin}/a.safetensors`)).rejects.toThrow('call again to go on');
  expect(readdirSync(folder).sort()).toEqual([expect.stringMatching(/\.part$/), expect.stringMatching(/\.part\.tag$/)]);
  cutAfter = undefined;
  await expectLoaded(load(`${origin}/a.safetensors`));
  expect(asked[1]!.range).toMatch(/^bytes=[1-9]\d*-$/);
  expect(readdirSync(folder).length).toBe(1);
});

test('starts anew if the file changed meanwhile', async () => {
  cutAfter = 10_000;
  await expect(load(`${origin}/a.safetensors`)).rejects.toThrow(FormatError);
  [cutAfter, tag] = [undefined, '"2"'];
  await expectLoaded(load(`${origin}/a.safetensors`));
});

test('two at once: both get the whole file', async () => {
  await Promise.all([expectLoaded(load(`${origin}/a.safetensors`)), expectLoaded(load(`${origin}/a.safetensors`))]);
  expect(readdirSync(folder).length).toBe(1);
});

test('checks the SHA-256: given, or in the name as torch has it', async () => {
  const digest = createHash('sha256').update(file).digest('hex');
  await expectLoaded(load(`${origin}/a.safetensors`, { sha256: digest }));
  await expectLoaded(load(`${origin}/a-${digest.slice(0, 8)}.safetensors`));
  const wrong = load(`${origin}/b-00000000.safetensors`);
  await expect(wrong).rejects.toThrow(`${origin}/b-00000000.safetensors: expected SHA-256 00000000`);
  expect(readdirSync(folder).length).toBe(2);
  await expect(load(`${origin}/a.safetensors`, { sha256: '1234' })).rejects.toThrow(ValueError);
  await expect(load(`${origin}/a.safetensors`, { sha256: '12345678' })).rejects.toThrow(FormatError);
});

test('offline: says what to do', async () => {
  const idle = createServer();
  await new Promise<void>((resolve) => idle.listen(0, '127.0.0.1', resolve));
  const { port } = idle.address() as AddressInfo;
  await new Promise((resolve) => idle.close(resolve));
  const loading = load(`http://127.0.0.1:${port}/a.safetensors`);
  await expect(loading).rejects.toThrow('expected a file to download, got no answer');
  await expect(loading).rejects.toThrow(`pass its path as \`from\`, or save it as ${folder}`);
  await expect(load(`${origin}/none.safetensors`)).rejects.toThrow('got status 404');
});

test('from a path; what does not fit', async () => {
  const path = join(folder, 'w.safetensors');
  writeFileSync(path, file);
  await expectLoaded(load(path));
  await expect(load(path, { sha256: '00000000' })).rejects.toThrow(FormatError);
  const before = memory().numTensors;
  await expect(load(path, { network: { widthMultiplier: 0.2 } })).rejects.toThrow(/Of another shape/);
  expect(memory().numTensors).toBe(before);
  const { network, report } = await load(path, { network: { widthMultiplier: 0.1, classes: 3 } });
  expect(report.mismatched.map(({ name }) => name)).toEqual(['classifier.1.weight', 'classifier.1.bias']);
  network.dispose();
  await expect(loadPretrained('alexnet' as 'vgg16', { from: path })).rejects.toThrow('`name` to be one of resnet38d');
  expect(readFileSync(path).length).toBe(file.length);
});
