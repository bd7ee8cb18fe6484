import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileTypes, RESOLUTIONS } from './compile-types';
import { importEntries } from './import-entries';
import { pack } from './pack';
import { makeProject } from './project';
import { publishedPackages } from './published';
import { backendsOf, runUse } from './uses';

// Each package in an empty project of its own, with what npm installs for it and, where its program computes with
// tensors, a backend.
const packages = publishedPackages();
const withoutTensors = ['@wsss/core', '@wsss/metrics', '@wsss/formats'];
let folder: string;
let tarballs: Map<string, string>;
let compilers: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wsss-alone-'));
  tarballs = await pack(packages, folder);
  // Not a dependency of this workspace, because its `tsc` would take the place of the other.
  await makeProject(join(folder, 'typescript-7'), { typescript: '^7.0.0' });
  const require = createRequire(import.meta.url);
  compilers = {
    '5.9': join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc'),
    '7': join(folder, 'typescript-7', 'node_modules', 'typescript', 'bin', 'tsc'),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for(packages)('$name alone', (published) => {
  const { name, closure, entries, optionalPeers } = published;
  const project = () => join(folder, name.slice('@wsss/'.length));
  const installed = () => ({
    ...Object.fromEntries(closure.map((dependency) => [dependency, tarballs.get(dependency)!])),
    ...backendsOf(published),
  });
  beforeAll(() => makeProject(project(), installed()));

  test('is used in plain Node', async () => {
    const { printed, expected } = await runUse(published, project());
    expect(printed).toBe(expected);
  });

  if (withoutTensors.includes(name)) {
    test('installs no TensorFlow.js', () => {
      expect(existsSync(join(project(), 'node_modules', '@tensorflow'))).toBe(false);
    });
  }
  if (name === '@wsss/core') {
    test('has types without TensorFlow.js, and then all entries with the peer that npm leaves to the user', async () => {
      const free = entries.filter((entry) => !/\/(tensor|layers)$/.test(entry));
      expect(await typeErrors(free, project())).toEqual([]);
      await makeProject(project(), { ...installed(), ...optionalPeers });
    });
  }

  test('has all entries, with types for every way to resolve them', async () => {
    const found = await importEntries(entries, project());
    expect(Object.keys(found)).toEqual(entries);
    expect(await typeErrors(entries, project())).toEqual([]);
  });
});

/** What each compiler says in each way to resolve. */
async function typeErrors(entries: readonly string[], project: string): Promise<string[]> {
  const errors: string[] = [];
  for (const [version, compiler] of Object.entries(compilers)) {
    for (const resolution of Object.keys(RESOLUTIONS) as (keyof typeof RESOLUTIONS)[]) {
      const found = await compileTypes(compiler, entries, resolution, project);
      errors.push(...found.map((error) => `TypeScript ${version}, ${resolution}: ${error}`));
    }
  }
  return errors;
}
