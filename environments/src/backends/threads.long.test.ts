import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, runPage } from '../chromium';
import { bundlePage } from './bundle-page';

// Threads of the WASM backend on a page: its main thread must not sleep, and shares memory only where it may.

const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const without = chromium ? '' : ' (skipped: no Chromium; set CHROMIUM to its path)';

describe.skipIf(!chromium)(`wasm in Chromium${without}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wsss-threads-'));
    await bundlePage(folder, 'threads-page');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.for([
    ['under cross-origin isolation three threads compute what one does', ISOLATED, 3, 2],
    ['without it there is one', {}, 1, 0],
  ] as const)('%s', async ([, headers, threads, workers]) => {
    const sent = JSON.parse(await runPage(folder, 'index.html', headers, 120));
    expect(sent).toEqual({ threads, equal: true, workers });
  });
});
