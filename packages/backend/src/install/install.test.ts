import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { chooseWheel, downloadWheel } from './download-wheel';
import { knownReason } from './install-error';
import { readState, writeState } from './installed-state';
import { parseCommand } from './parse-command';
import { checkRoom, findCompiler, platformTags, supportedPlatform } from './platform';
import { indexFiles } from './python-index';
import { withStaging } from './staging';

const folder = mkdtempSync(join(tmpdir(), 'install-'));
const fresh = (name: string) => {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
};
const file = 'tensorflow_cpu-2.16.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl';
const body = 'a wheel';
const sha256 = createHash('sha256').update(body).digest('hex');
const platform = { architecture: 'x86_64', glibc: [2, 36] } as const;

/** An index of Python packages: `good` and `bad` in JSON, `html`, and `cut`, whose connection breaks off. */
let server: Server;
let index = '';
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const [, kind] = url.split('/');
    if (url.endsWith('.whl')) {
      response.writeHead(200, { 'content-length': kind === 'cut' ? 1000 : body.length });
      response.write(body, () => (kind === 'cut' ? response.destroy() : response.end()));
    } else if (kind === 'html') {
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="${file}#sha256=${sha256}" data-requires-python="&gt;=3.9">${file}</a>`);
    } else if (kind === 'none') {
      response.writeHead(404).end();
    } else {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
      const hashes = { sha256: kind === 'bad' ? '0'.repeat(64) : sha256 };
      response.end(JSON.stringify({ files: [{ filename: file, url: file, hashes }] }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const download = (kind: string) => {
  vi.stubEnv('PIP_INDEX_URL', `${index}/${kind}/`);
  return downloadWheel('tensorflow-cpu==2.16.1', { folder: fresh(kind), platform, pip: undefined });
};

test.each(['good', 'html'])('without pip a wheel comes from the index: %s', async (kind) => {
  expect(readFileSync(await download(kind), 'utf8')).toBe(body);
  expect(readdirSync(join(folder, kind))).toEqual([file]);
});

test('a wrong checksum, a broken connection, an unknown project and no network are errors in words', async () => {
  await expect(download('bad')).rejects.toThrow(/SHA-256 .* and the index says 0000/);
  expect(existsSync(join(folder, 'bad', file))).toBe(false);
  await expect(download('cut')).rejects.toThrow(`the download of ${file} broke off`);
  await expect(download('none')).rejects.toThrow('answered 404');
  await expect(indexFiles('tensorflow-cpu', 'http://127.0.0.1:9')).rejects.toThrow('cannot be reached');
  const older = [{ filename: file.replace('2.16.1', '2.13.1'), url: '', sha256 }];
  expect(() => chooseWheel(older, '2.16.1', platform, 'tensorflow-cpu')).toThrow('no tensorflow-cpu 2.16.1');
  expect(knownReason('ERROR: [Errno 28] No space left on device')?.problem).toBe('the disk is full');
});

test('what the machine lacks is said before anything is downloaded', async () => {
  const machine = { platform: 'linux', arch: 'x64', glibc: '2.36' };
  expect(supportedPlatform(machine)).toEqual(platform);
  expect(() => supportedPlatform({ ...machine, platform: 'win32' })).toThrow('this is win32 x64');
  expect(() => supportedPlatform({ ...machine, glibc: undefined })).toThrow('musl');
  expect(platformTags({ architecture: 'aarch64', glibc: [2, 18] })).toEqual([
    'manylinux_2_18_aarch64',
    'manylinux_2_17_aarch64',
    'manylinux2014_aarch64',
  ]);
  vi.stubEnv('CXX', join(folder, 'no-compiler'));
  await expect(findCompiler()).rejects.toThrow(/there is no C\+\+ compiler[\s\S]*apt-get install g\+\+/);
  await expect(checkRoom(folder, 1e18)).rejects.toThrow('GB are needed');
});

test('a command line is read, or said to be wrong', () => {
  const install = (...args: string[]) => parseCommand(['install', 'tensorflow', ...args]);
  expect(install()).toEqual({ kind: 'install', gpu: false });
  expect(install('--version', '2.13.1', '--gpu')).toEqual({ kind: 'install', gpu: true, version: '2.13.1' });
  expect(install('--wheel', 'a.whl')).toEqual({ kind: 'install', gpu: false, wheel: 'a.whl' });
  for (const args of [
    ['--version', '1.15.0'],
    ['--version', 'new'],
    ['--fast'],
    ['--version', '2.13.1', '--wheel', 'a'],
  ]) {
    expect(install(...args).kind).toBe('wrong');
  }
  expect(parseCommand(['remove']).kind).toBe('wrong');
  expect(parseCommand([]).kind).toBe('help');
});

test('an installation whose files are gone or cut short is none', () => {
  const made = fresh('made');
  for (const sub of ['deps', 'lib']) mkdirSync(join(made, sub));
  writeFileSync(join(made, 'lib', 'a'), 'abc');
  expect(readState(made)).toBeUndefined();
  writeState(made, { version: '2.16.1', gpu: false, wheel: { file: 'w', sha256 } }, ['lib/a']);
  expect(readState(made)).toMatchObject({ version: '2.16.1', files: { 'lib/a': 3 } });
  writeFileSync(join(made, 'lib', 'a'), 'ab');
  expect(readState(made)).toBeUndefined();
});

test('what is made half is removed: after a failure, and what a killed program left', async () => {
  const beside = fresh('beside');
  const child = spawn(process.execPath, ['--version']);
  await new Promise((resolve) => child.on('close', resolve));
  mkdirSync(join(beside, `.wsss-partial-${child.pid}`));
  let staging = '';
  const failing = withStaging(beside, async (made) => {
    staging = made;
    writeFileSync(join(made, 'half'), '');
    expect(readdirSync(beside)).toHaveLength(1);
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(staging).not.toBe('');
  expect(readdirSync(beside)).toEqual([]);
});
