/** What we use of `node:module`. */
export interface NodeModules {
  createRequire(from: string | URL): NodeRequire;
  /** Loads every CommonJS module; the loader of Node calls it by this property. */
  readonly _load: ModuleLoad;
}

interface NodeRequire {
  (specifier: string): unknown;
  resolve(specifier: string): string;
}

export type ModuleLoad = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;

interface Process {
  getBuiltinModule?: (name: string) => unknown;
  cwd?: () => string;
  readonly env?: Record<string, string | undefined>;
}

/** The process, where there is one: in browsers there is none. */
export function nodeProcess(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/** A module of Node itself, without a static import: this file is loaded in browsers as well. */
export function builtinModule<T>(name: string): T | undefined {
  return nodeProcess()?.getBuiltinModule?.(name) as T | undefined;
}
