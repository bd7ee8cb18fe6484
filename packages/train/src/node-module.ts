type ProcessLike = { getBuiltinModule?: (id: string) => unknown };

/**
 * One of Node's own modules, or `undefined` in a browser. Asked of the process instead of imported, so that bundlers
 * for the browser never meet a `node:` address.
 */
export function nodeModule<T>(id: string): T | undefined {
  const { process } = globalThis as { process?: ProcessLike };
  return process?.getBuiltinModule?.(id) as T | undefined;
}
