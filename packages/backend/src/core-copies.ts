import { KernelBackend, version_core } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';

/** A copy of `@tensorflow/tfjs-core` that is loaded. */
export interface CoreCopy {
  /** Its file, where that can be known (in Node). */
  readonly path?: string;
  readonly version: string;
}

export const COPIES_REMEDY =
  'Make them one: npm dedupe, or "overrides": { "@tensorflow/tfjs-core": "^4.22.0" } in the package.json of the program';

interface ModuleCache {
  [path: string]: { exports?: { version_core?: string } } | undefined;
}

/** Node's cache of CommonJS modules, which is how Node loads TensorFlow.js. */
function loadedModules(): ModuleCache {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const module = process?.getBuiltinModule?.('node:module') as
    | { createRequire?: (url: string) => { cache: ModuleCache } }
    | undefined;
  return module?.createRequire?.(import.meta.url).cache ?? {};
}

/**
 * The copies of `@tensorflow/tfjs-core` in this program. Two of them share one engine, but not their classes; of
 * different versions they disagree about kernels.
 *
 * @param backend The backend in use, which tells of another copy even where files are not known.
 */
export function coreCopies(backend?: KernelBackend): CoreCopy[] {
  const files = Object.entries(loadedModules()).flatMap(([path, module]) =>
    /[\\/]tfjs-core[\\/]dist[\\/]tf-core[^\\/]*\.js$/.test(path)
      ? [{ path, version: module?.exports?.version_core ?? '?' }]
      : [],
  );
  const copies: CoreCopy[] = files.length > 0 ? files : [{ version: version_core }];
  const foreign = backend !== undefined && !(backend instanceof KernelBackend);
  return foreign && copies.length === 1 ? [...copies, { version: '?' }] : copies;
}

export function describeCopies(copies: readonly CoreCopy[]): string {
  return copies.map(({ path, version }) => (path ? `${version} at ${path}` : version)).join(', ');
}

/**
 * @throws {BackendError} if copies of different versions are loaded.
 */
export function checkCoreVersions(backend: string, copies: readonly CoreCopy[] = coreCopies()): void {
  if (new Set(copies.map(({ version }) => version)).size < 2) return;
  throw new BackendError(
    backend,
    `@tensorflow/tfjs-core is loaded in different versions: ${describeCopies(copies)}`,
    COPIES_REMEDY,
  );
}
