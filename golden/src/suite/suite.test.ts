import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReferenceTensors, referenceTensor, writeReferenceTensors } from '@wsss/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The suite as a user starts it, on folders that we spoil.
const golden = fileURLToPath(new URL('../..', import.meta.url));
const original = join(golden, 'data', 'psa', 'n_normalise_17x25');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-suite-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function copyCase(root: string, name: string, change?: (tensors: ReturnType<typeof readReferenceTensors>) => void) {
  mkdirSync(join(folder, root, 'psa'), { recursive: true });
  const path = join(folder, root, 'psa', name);
  cpSync(`${original}.json`, `${path}.json`);
  const tensors = readReferenceTensors(`${original}.safetensors`);
  change?.(tensors);
  writeReferenceTensors(`${path}.safetensors`, Object.fromEntries(tensors));
  return path;
}

async function runSuite(root: string) {
  const reports = mkdtempSync(join(folder, 'reports-'));
  const child = spawn(process.execPath, [vitest, 'run', 'psa/normalise'], {
    cwd: golden,
    env: {
      ...process.env,
      WSSS_SUITE: 'golden',
      WSSS_GOLDEN: join(folder, root),
      WSSS_REPORTS: reports,
      NO_COLOR: '1',
    },
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, printed, text: readFileSync(join(reports, 'golden.txt'), 'utf8') };
}
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));

test('a value off fails its case and the run, an unknown tensor is not covered, the rest passes', async () => {
  copyCase('spoilt', 'n_good');
  copyCase('spoilt', 'n_corrupted', (tensors) => {
    tensors.get('resnet38')!.values[7] = 0.5;
  });
  copyCase('spoilt', 'n_unknown', (tensors) => {
    tensors.set('vgg19', referenceTensor(Float32Array.of(1), [1]));
  });
  const { code, printed, text } = await runSuite('spoilt');
  expect(code).toBe(1);
  expect(printed).toContain(text.trim());
  expect(text).toMatch(/^psa\/n_corrupted +resnet38 .* FAILED$/m);
  expect(text).toMatch(/^psa\/n_corrupted +vgg16 .* ok$/m);
  expect(text).toMatch(/^psa\/n_unknown +not covered: nothing compared with vgg19$/m);
  expect(text).toMatch(/\n1 cases passed, 1 failed, 1 not covered\nKinds not covered yet: psa\/n\n$/);
});

test('a file cut short fails its case', async () => {
  const path = `${copyCase('short', 'n_short')}.safetensors`;
  writeFileSync(path, readFileSync(path).subarray(0, -1));
  const { code, text } = await runSuite('short');
  expect(code).toBe(1);
  expect(text).toMatch(/^psa\/n_short +FAILED: .*n_short\.safetensors: `.*` ends at/m);
  expect(text).toMatch(/\n0 cases passed, 1 failed, 0 not covered\n/);
});

test('a folder without cases is an error', async () => {
  mkdirSync(join(folder, 'empty', 'psa'), { recursive: true });
  const { code, text } = await runSuite('empty');
  expect(code).toBe(1);
  expect(text).toMatch(/^No case in .*empty: expected files in crf, psa, sipe, cam\.$/m);
});
