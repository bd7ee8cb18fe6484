import { readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GOLDEN_FOLDERS, type GoldenCase, listGoldenCases } from '@wsss/testing';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** The folders that hold reference data: `WSSS_GOLDEN`, or `golden/data` and, where it exists, `../shared/golden`. */
export function goldenRoots(): string[] {
  const named = process.env.WSSS_GOLDEN;
  // npm runs the script in golden/; a relative path is meant from the repository.
  if (named) return [resolve(repository, named)];
  return [join(repository, 'golden', 'data'), join(repository, '..', 'shared', 'golden')].filter(isFolder);
}

/**
 * Every case of every root. A case that is in two roots, byte for byte the same, is taken once.
 *
 * @throws {Error} if there is no folder, or no case in it.
 */
export function foundCases(): GoldenCase[] {
  const found = new Map<string, GoldenCase>();
  const roots = goldenRoots();
  for (const root of roots) {
    if (!isFolder(root)) throw new Error(`There is no folder ${root} (WSSS_GOLDEN).`);
    for (const golden of listGoldenCases(root)) {
      const known = found.get(golden.id);
      if (known && sameFiles(known, golden)) continue;
      const id = known ? `${golden.id} (${relative(repository, root)})` : golden.id;
      found.set(id, { ...golden, id });
    }
  }
  if (found.size === 0) {
    throw new Error(
      `No case in ${roots.join(' or ') || 'golden/data'}: expected files in ${GOLDEN_FOLDERS.join(', ')}.`,
    );
  }
  return [...found.values()];
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const sameFiles = (a: GoldenCase, b: GoldenCase) =>
  ['json', 'safetensors'].every((extension) =>
    readFileSync(`${a.path}.${extension}`).equals(readFileSync(`${b.path}.${extension}`)),
  );
