import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tolerance } from './compare';
import type { ReferenceTensor } from './reference-tensor';
import { readReferenceTensors } from './safetensors';

/** The folders of reference data: one for each official code base. */
export const GOLDEN_FOLDERS = ['crf', 'psa', 'sipe', 'cam'] as const;

/** One case: `NAME.safetensors` and its sidecar `NAME.json`. */
export interface GoldenCase {
  /** Folder and name, `psa/n_normalise_17x25`. */
  readonly id: string;
  /** Folder and kind, `psa/n`: cases of one kind are run by the same code. */
  readonly kind: string;
  /** The folder's path and the name: where the files are, without their extension. */
  readonly path: string;
  readonly sidecar: Readonly<Record<string, unknown>>;
  /** What the folder's `index.json` suggests for this file. */
  readonly tolerance?: Tolerance;
  /** Reads the tensors. */
  load(): Map<string, ReferenceTensor>;
}

/**
 * All cases below a folder, sorted: every `.safetensors` with its sidecar in the subfolders `crf`, `psa`, `sipe` and
 * `cam`. A lone `.json` that describes a case is one too, which fails when it is loaded; any other is not (an index).
 *
 * @throws {Error} naming the file, if a sidecar is missing or cannot be read.
 */
export function listGoldenCases(root: string): GoldenCase[] {
  return GOLDEN_FOLDERS.flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    const suggested = suggestedTolerances(join(root, folder, 'index.json'));
    return caseNames(join(root, folder)).map((name) => {
      const path = join(root, folder, name);
      const sidecar = readJson(`${path}.json`);
      return {
        id: `${folder}/${name}`,
        kind: `${folder}/${kindOf(folder, name, sidecar)}`,
        path,
        sidecar,
        tolerance: suggested.get(`${name}.safetensors`),
        load: () => readReferenceTensors(`${path}.safetensors`),
      };
    });
  });
}

function caseNames(folder: string): string[] {
  const files = readdirSync(folder);
  const names = new Set(files.filter((file) => file.endsWith('.safetensors')).map((file) => file.slice(0, -12)));
  for (const file of files) {
    if (!file.endsWith('.json') || names.has(file.slice(0, -5))) continue;
    const content = readJson(join(folder, file));
    if ('case' in content || 'name' in content) names.add(file.slice(0, -5));
  }
  return [...names].sort();
}

function kindOf(folder: string, name: string, sidecar: Record<string, unknown>): string {
  if (folder !== 'crf') return name.split('_', 1)[0]!;
  if (name.startsWith('lattice_')) return 'lattice';
  if (name === 'utils') return 'utils';
  return 'iterations' in sidecar ? 'inference' : 'unknown';
}

function suggestedTolerances(file: string): Map<string, Tolerance> {
  if (!existsSync(file)) return new Map();
  const { files = [] } = readJson(file) as { files?: { file: string; suggested_tolerance?: Suggested }[] };
  return new Map(
    files.flatMap(({ file, suggested_tolerance: t }) => (t ? [[file, { abs: t.abs, rel: t.rel_of_max }]] : [])),
  );
}

interface Suggested {
  abs?: number;
  rel_of_max?: number;
}

function readJson(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
