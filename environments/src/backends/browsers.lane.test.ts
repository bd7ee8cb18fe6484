import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { NO_GPU, runPage, SOFTWARE_GPU } from '../chromium';
import { bundlePage } from './bundle-page';
import { compareWith } from './compare-with';
import { describeRun } from './describe-run';
import { computeReference } from './reference';
import { stepsOf } from './steps';

// Everything in headless Chromium: WebAssembly, WebGL, WebGPU, the last two by a GPU in software.

const SECONDS = 1200;
const folder = mkdtempSync(join(tmpdir(), 'wsss-browsers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
await bundlePage(folder);
const { weights, reference } = await computeReference();
writeFileSync(join(folder, 'weights.json'), JSON.stringify(weights));

/** What the page sends. */
async function open(query: string, gpu: readonly string[]) {
  const sent = JSON.parse(await runPage(folder, `index.html?${query}`, {}, SECONDS, gpu));
  if (sent.error) throw new Error(sent.error);
  return sent;
}

for (const [name, gpu] of [
  ['wasm', NO_GPU],
  ['webgl', SOFTWARE_GPU],
  ['webgpu', SOFTWARE_GPU],
] as const) {
  const result = await open(`backend=${name}&steps=${stepsOf({ steps: 60 }).steps}`, gpu);
  console.log(describeRun(result));
  describe(`${name} in Chromium: ${result.info.device}`, () => {
    test.for(compareWith(reference, result))('$name', ({ problem }) => expect(problem).toBeUndefined());
  });
}

const half = await open('backend=webgl&half', SOFTWARE_GPU);
describe('webgl in half precision', () => {
  test('is named, and nothing to train on', () => {
    expect(half.info.device).toContain('in half precision');
    expect(half.info.trainable).toBe(false);
    expect(half.report).toContain('precision  half');
    expect(half.table).toContain("backend 'webgl' in half precision");
  });
  test.for(half.rows as { operation: string; problem?: string }[])('$operation', ({ problem }) =>
    expect(problem).toBeUndefined(),
  );
});

test('auto takes no GPU in software', async () => {
  expect((await open('auto', SOFTWARE_GPU)).name).toBe('wasm');
});
