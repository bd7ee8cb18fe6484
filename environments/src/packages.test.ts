import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importEntries } from './import-entries';
import { pack } from './pack';
import { makeProject } from './project';
import { type Published, publishedPackages, repository } from './published';
import { backendsOf, hasUse, runUse } from './uses';

// The short form: all packages in one project. Each alone, and its types, is in packages.long.test.ts.
const packages = publishedPackages();
let folder: string;
let tarballs: Map<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wsss-packed-'));
  tarballs = await pack(packages, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tarballsOf = (some: readonly Published[]) =>
  Object.fromEntries(some.flatMap(({ closure }) => closure.map((name) => [name, tarballs.get(name)!])));

test('every published package has a program that uses it', () => {
  expect(packages.filter((published) => !hasUse(published)).map(({ name }) => name)).toEqual([]);
});

test('every published package is a dependency here, so that it is built before', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'environments', 'package.json'), 'utf8'));
  expect(packages.map(({ name }) => name).filter((name) => !(name in devDependencies))).toEqual([]);
});

describe('all packages in one project', () => {
  let project: string;
  beforeAll(async () => {
    project = join(folder, 'all');
    const backends = Object.assign({}, ...packages.map(backendsOf)) as Record<string, string>;
    await makeProject(project, { ...tarballsOf(packages), ...backends });
  });

  test('every entry is imported', async () => {
    const entries = packages.flatMap((published) => published.entries);
    const found = await importEntries(entries, project);
    // The gradients are imported for their effect.
    expect(entries.filter((entry) => found[entry]!.length === 0)).toEqual(['@wsss/backend/gradients']);
  });

  test.for(packages.filter(hasUse))('$name is used', async (published) => {
    const { printed, expected } = await runUse(published, project);
    expect(printed).toBe(expected);
  });
});

describe('without TensorFlow.js', () => {
  const free = packages.filter(({ name }) => ['@wsss/core', '@wsss/metrics', '@wsss/formats'].includes(name));
  let project: string;
  beforeAll(async () => {
    project = join(folder, 'free');
    await makeProject(project, tarballsOf(free));
  });

  test('core, metrics and formats install none', () => {
    expect(free).toHaveLength(3);
    expect(existsSync(join(project, 'node_modules', '@tensorflow'))).toBe(false);
  });

  test.for(free)('$name is used', async (published) => {
    const { printed, expected } = await runUse(published, project);
    expect(printed).toBe(expected);
  });

  test('their entries are imported, but for those of core that compute with tensors', async () => {
    const needing = ['@wsss/core/tensor', '@wsss/core/layers'];
    const entries = free.flatMap((published) => published.entries).filter((entry) => !needing.includes(entry));
    const found = await importEntries(entries, project);
    expect(Object.values(found).every((names) => names.length > 0)).toBe(true);
    for (const entry of needing) {
      await expect(importEntries([entry], project)).rejects.toThrow('@tensorflow/tfjs-core');
    }
  });
});
