import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { KernelBackend, version_core } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCoreVersions, coreCopies } from './core-copies';
import { useBackend } from './use-backend';
import { verifyBackend } from './verify-backend';

const require = createRequire(import.meta.url);
let root: string;

/** Another copy of the package, of another version if asked for, as npm makes them. */
function install(name: string, version?: string): string {
  const file = require.resolve('@tensorflow/tfjs-core');
  const copy = join(root, name, 'node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js');
  mkdirSync(dirname(copy), { recursive: true });
  if (!version) cpSync(file, copy);
  else
    writeFileSync(
      copy,
      readFileSync(file, 'utf8').replace(`var version = '${version_core}'`, `var version = '${version}'`),
    );
  // Its dependencies are found from where it really is.
  cpSync(
    join(dirname(require.resolve('seedrandom')), '..', 'seedrandom'),
    join(root, name, 'node_modules/seedrandom'),
    {
      recursive: true,
    },
  );
  return copy;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'copies-'));
});
afterAll(() => rmSync(root, { recursive: true }));

test('one copy is found as one', () => {
  expect(coreCopies()).toEqual([{ path: require.resolve('@tensorflow/tfjs-core'), version: version_core }]);
});

test('a backend of another copy tells of it where there are no files', async () => {
  await useBackend('cpu');
  class Ours extends KernelBackend {}
  expect(coreCopies(new Ours())).toHaveLength(1);
  expect(coreCopies({} as KernelBackend)).toHaveLength(2);
});

test('a second copy fails the verification, with its place; another version stops useBackend', async () => {
  const same = install('same');
  require(same);
  expect(coreCopies().map(({ path }) => path)).toEqual([require.resolve('@tensorflow/tfjs-core'), same]);
  await useBackend('cpu');
  const { rows } = await verifyBackend();
  expect(rows[0]).toMatchObject({
    operation: '@tensorflow/tfjs-core in one copy',
    ok: false,
    problem: expect.stringContaining(`there are 2: ${version_core} at`),
    remedy: expect.stringContaining('npm dedupe'),
  });

  require(install('older', '4.0.0'));
  expect(() => checkCoreVersions('wasm')).toThrow(BackendError);
  await expect(useBackend('wasm')).rejects.toThrow('@tensorflow/tfjs-core is loaded in different versions');
});
