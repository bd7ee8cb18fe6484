type ProcessLike = { getBuiltinModule?: (id: string) => unknown };

/** Node's own modules that a cache on disk needs. */
export interface NodeModules {
  readonly fs: typeof import('node:fs/promises');
  readonly path: typeof import('node:path');
  readonly os: typeof import('node:os');
  readonly crypto: typeof import('node:crypto');
  readonly process: { readonly env: Record<string, string | undefined>; readonly pid: number };
}

/** Those modules, or `undefined` in a browser. Asked of the process, so that bundlers never meet a `node:` address. */
export function nodeModules(): NodeModules | undefined {
  const { process } = globalThis as { process?: ProcessLike };
  const get = <T>(id: string) => process?.getBuiltinModule?.(id) as T;
  const fs = get<NodeModules['fs'] | undefined>('node:fs/promises');
  if (!fs) return undefined;
  return {
    fs,
    path: get('node:path'),
    os: get('node:os'),
    crypto: get('node:crypto'),
    process: process as unknown as NodeModules['process'],
  };
}
