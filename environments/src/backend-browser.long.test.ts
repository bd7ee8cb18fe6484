import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, runPage } from './chromium';
import { pack } from './pack';
import { makeProject } from './project';
import { publishedPackages } from './published';
import { expectCommand } from './run-command';

// @wsss/backend from its tarball in a bundle that `vite build` makes: a page that only calls `useBackend`.

const FILES: Record<string, string> = {
  'index.html': '<!doctype html><script type="module" src="./main.js"></script>',
  'main.js': `
import { conv2d, memory, ones } from '@tensorflow/tfjs-core';
import { backendReport, useBackend } from '@wsss/backend';

const names = [];
const Original = Worker;
globalThis.Worker = class extends Original {
  constructor(url, options) {
    super(url, options);
    names.push(options?.name);
  }
};
const workers = () => names.filter((name) => name === 'wsss-backend').length;

async function layer(options) {
  const { threads } = await useBackend('wasm', { wasmPaths: '/wasm/', ...options });
  const before = memory().numTensors;
  const y = conv2d(ones([1, 32, 32, 64]), ones([3, 3, 64, 64]), 1, 'same');
  const value = (await y.data())[64 * 33];
  return [backendReport().match(/kernels +(.*)/)[1], threads, value, before, workers()].join(' ');
}

const several = crossOriginIsolated ? { threads: 2 } : {};
const lost = location.hash === '#lost';
async function run() {
  if (lost) {
    const error = await useBackend('wasm', { wasmPaths: '/wasm/' }).then(() => 'none', (error) => error.name + ': ' + error.message);
    return [error.split('\\n')[0].replace(/loaded: .*/, 'loaded'), await layer({ kernels: 'stock' })].join('; ');
  }
  return [await layer({ ...several, kernels: 'stock' }), await layer(several)].join('; ');
}
run()
  .then((body) => body, (error) => error.stack)
  .then((body) => fetch('/result', { method: 'POST', body }));
`,
};
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

const without = chromium ? '' : ' (skipped: no Chromium; set CHROMIUM to its path)';

describe.skipIf(!chromium)(`@wsss/backend in Chromium, from the output of vite build${without}`, () => {
  let folder: string;
  let dist: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wsss-backend-'));
    const packages = publishedPackages().filter(({ name }) => ['@wsss/core', '@wsss/backend'].includes(name));
    const tarballs = await pack(packages, folder);
    const { wasm, core } = { wasm: '@tensorflow/tfjs-backend-wasm', core: '@tensorflow/tfjs-core' };
    await makeProject(folder, {
      ...Object.fromEntries(tarballs),
      ...{ [wasm]: '^4.22.0', [core]: '^4.22.0', vite: '^7.0.0' },
    });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    await expectCommand('npx', ['--no', 'vite', 'build', '--base=./', '--logLevel=error'], folder);
    dist = join(folder, 'dist');
    const binaries = join(folder, 'node_modules', wasm, 'dist');
    mkdirSync(join(dist, 'wasm'));
    for (const file of readdirSync(binaries)) {
      if (file.endsWith('.wasm')) cpSync(join(binaries, file), join(dist, 'wasm', file));
    }
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the kernels are a file of their own', () => {
    const files = readdirSync(join(dist, 'assets')).filter((file) => file.endsWith('.js'));
    // The beginning of a WebAssembly binary in base64.
    const carrying = files.filter((file) => readFileSync(join(dist, 'assets', file), 'utf8').includes('AGFzbQEAAAA'));
    expect(carrying).toHaveLength(1);
    expect(carrying[0]).toMatch(/^install-on-wasm/);
  });

  test.for([
    ['on a page', {}, 'of TensorFlow.js 1 576 0 0; of @wsss/backend 1 576 3 0'],
    ['on a page that may share memory', ISOLATED, 'of TensorFlow.js 2 576 0 0; of @wsss/backend 2 576 3 1'],
  ] as const)('%s: stock kernels where asked for, else ours', async ([, headers, said]) => {
    expect(await runPage(dist, 'index.html', headers)).toBe(said);
  });

  test('where the file of the kernels is missing, an error says so, and the stock ones are left', async () => {
    const missing = join(folder, 'missing');
    cpSync(dist, missing, { recursive: true });
    for (const file of readdirSync(join(missing, 'assets'))) {
      if (file.startsWith('install-on-wasm')) rmSync(join(missing, 'assets', file));
    }
    expect(await runPage(missing, 'index.html#lost', {})).toBe(
      "BackendError: backend 'wasm': its kernels were not loaded; of TensorFlow.js 1 576 0 0",
    );
  });
});
