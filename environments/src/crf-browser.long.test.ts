import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, runPage } from './chromium';
import { CRF_JOB } from './crf-job';
import { pack } from './pack';
import { makeProject } from './project';
import { publishedPackages } from './published';
import { expectCommand } from './run-command';

// @wsss/crf from its tarball: in Node, in a bundle that `vite build` makes, on a page and in a Web Worker.

const FILES: Record<string, string> = {
  'job.js': CRF_JOB,
  'node.mjs': "import { job } from './job.js'; console.log(await job(2));",
  'index.html': '<!doctype html><script type="module" src="./main.js"></script>',
  'main.js': `import { job } from './job.js';
const send = (body) => fetch('/result', { method: 'POST', body });
if (location.hash === '#worker') {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => send(data);
} else job(2).then(send, (error) => send(String(error)));`,
  'worker.js': "import { job } from './job.js'; job(2).then(postMessage, (error) => postMessage(String(error)));",
};
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const policy = (script: string) => ({ 'content-security-policy': `default-src 'self'; script-src 'self'${script}` });

const without = chromium ? '' : ' (skipped: no Chromium; set CHROMIUM to its path)';

describe('@wsss/crf from its tarball', () => {
  let folder: string;
  let inNode: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wsss-crf-'));
    const packages = publishedPackages().filter(({ name }) => ['@wsss/core', '@wsss/crf'].includes(name));
    const tarballs = await pack(packages, folder);
    await makeProject(folder, { ...Object.fromEntries(tarballs), vite: '^7.0.0' });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    inNode = (await expectCommand('node', ['node.mjs'], folder)).trim();
    if (chromium) {
      const build = ['--no', 'vite', 'build', '--base=./', '--logLevel=error'];
      await expectCommand('npx', build, folder);
    }
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('runs in plain Node, in worker threads too', () => {
    expect(inNode).toMatch(/^wasm 2 (-?[\d.]+) \1 \1$/);
  });

  describe.skipIf(!chromium)(`in Chromium, from the output of vite build${without}`, () => {
    const open = (hash: string, headers: Record<string, string>) =>
      runPage(join(folder, 'dist'), `index.html${hash}`, headers);
    const numbers = () => inNode.split(' ').slice(2).join(' ');

    test('the workers of crfBatch are files of their own', () => {
      const files = readdirSync(join(folder, 'dist', 'assets'));
      expect(files.filter((file) => file.startsWith('batch-worker'))).not.toEqual([]);
    });

    test.for([
      ['on a page', '', {}, 'wasm 1'],
      ['in a Web Worker', '#worker', {}, 'wasm 1'],
      ['on a page that may share memory', '', ISOLATED, 'wasm 2'],
      ['in a Web Worker that may share memory', '#worker', ISOLATED, 'wasm 2'],
      ["under a policy that allows 'wasm-unsafe-eval'", '', policy(" 'wasm-unsafe-eval'"), 'wasm 1'],
      ['under a policy without it, in plain JavaScript', '', policy(''), 'plain 1'],
    ] as const)('%s: the numbers of Node', async ([, hash, headers, engine]) => {
      expect(await open(hash, headers)).toBe(`${engine} ${numbers()}`);
    });
  });
});
