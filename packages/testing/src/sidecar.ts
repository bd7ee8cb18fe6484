// What every sidecar says about the case itself, or about how to read it.
const descriptions = new Set(['case', 'name', 'file', 'kind', 'source', 'seed', 'parameters', 'params', 'tensors']);

/**
 * The paths of all values that a sidecar records beside its parameters: `expected/miou`, `layers/3/mean`. An array is
 * one value, unless it holds objects, which go by their position. A sentence is no value.
 */
export function leavesOf(sidecar: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(sidecar).flatMap(([key, value]) => (descriptions.has(key) ? [] : leavesBelow(key, value)));
}

function leavesBelow(path: string, value: unknown): string[] {
  const entered = isRecord(value) || (Array.isArray(value) && value.some(isRecord));
  if (entered) return Object.entries(value).flatMap(([key, below]) => leavesBelow(`${path}/${key}`, below));
  return typeof value === 'string' || value === null ? [] : [path];
}

/** Takes from the set a path and all paths below it; `*` in the path stands for any one key. */
export function claimLeaves(open: Set<string>, path: string): void {
  const keys = path.split('/');
  for (const leaf of open) {
    const parts = leaf.split('/');
    if (keys.every((key, i) => parts[i] !== undefined && (key === '*' || key === parts[i]))) open.delete(leaf);
  }
}

/** The value at a path, `undefined` where there is none. */
export function readPath(sidecar: unknown, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>(
      (value, key) => (isRecord(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined),
      sidecar,
    );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
