import { FormatError, type TensorLike } from '@wsss/core';
import { NdArray } from './numpy/nd-array';
import { Tuple } from './pickle/python-values';
import type { StateDict } from './read-state-dict';

/** Where checkpoints keep the weights among other things, most common first. */
const USUAL_KEYS = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'module'];
const DEEPEST = 32;
/** More entries than any network has parameters. */
const MOST_ENTRIES = 200_000;

/**
 * The tensors of nested dictionaries and lists by their names, joined by dots. Of a checkpoint, whose weights are one
 * entry among others, only these.
 *
 * @param key Which entry to take, dots for entries of entries.
 */
export function flattenTensors(file: string, root: unknown, key: string | undefined): StateDict {
  if (isTensor(root)) {
    const hint = 'In Python, give it a name: torch.save({"name": tensor}, path).';
    throw new FormatError(file, 'a dictionary of tensors', 'a tensor without a name', hint);
  }
  const tensors: StateDict = new Map();
  collect({ file, tensors, visited: 0 }, key === undefined ? unwrap(root) : entryOf(file, root, key), '', 0);
  if (tensors.size > 0 || (root instanceof Map && root.size === 0)) return tensors;
  throw new FormatError(file, 'a dictionary of tensors', 'one without any');
}

/** Nothing else that comes out of a file has a method to read its data. */
function isTensor(value: unknown): value is TensorLike {
  return (
    typeof (value as Partial<TensorLike> | null)?.data === 'function' && !(value instanceof NdArray && value.isObject)
  );
}

/** The children of a dictionary, list, tuple or array of objects, by name. */
function entriesOf(value: unknown): Iterable<[unknown, unknown]> | undefined {
  if (value instanceof Map) return value;
  if (Array.isArray(value)) return value.entries();
  if (value instanceof Tuple) return value.items.entries();
  if (value instanceof NdArray && value.isObject)
    return value.objects.length === 1 ? entriesOf(value.objects[0]) : value.objects.entries();
  return undefined;
}

function nameOf(key: unknown): string {
  return key instanceof NdArray && !key.isObject && key.size === 1 ? String(key.values()[0]) : String(key);
}

function unwrap(root: unknown): unknown {
  const children = new Map([...(entriesOf(root) ?? [])].map(([key, value]) => [nameOf(key), value]));
  if ([...children.values()].some(isTensor)) return root;
  for (const key of USUAL_KEYS) {
    const child = children.get(key);
    if (child instanceof Map && [...child.values()].some(isTensor)) return child;
  }
  return root;
}

function entryOf(file: string, root: unknown, key: string): unknown {
  const children = [...(entriesOf(root) ?? [])];
  for (const [name, child] of children) {
    if (nameOf(name) === key) return isTensor(child) ? new Map([[key, child]]) : child;
    if (key.startsWith(`${nameOf(name)}.`) && entriesOf(child))
      return entryOf(file, child, key.slice(nameOf(name).length + 1));
  }
  // in flat dictionaries the names themselves have dots
  const below = children.filter(([name]) => nameOf(name).startsWith(`${key}.`));
  if (below.length > 0) return new Map(below.map(([name, child]) => [nameOf(name).slice(key.length + 1), child]));
  const names = children.slice(0, 8).map(([name]) => `'${nameOf(name)}'`);
  throw new FormatError(file, `an entry '${key}'`, names.join(', ') || 'no entries');
}

interface Collection {
  readonly file: string;
  readonly tensors: StateDict;
  visited: number;
}

function collect(into: Collection, value: unknown, name: string, depth: number): void {
  if (++into.visited > MOST_ENTRIES || depth > DEEPEST) {
    const got = depth > DEEPEST ? 'deeper nesting, or one that contains itself' : 'more';
    throw new FormatError(into.file, `at most ${MOST_ENTRIES} entries, nested ${DEEPEST} deep`, got);
  }
  if (isTensor(value)) {
    if (into.tensors.has(name)) throw new FormatError(into.file, 'every tensor once', `'${name}' twice`);
    void value.dtype; // complains where it has none
    into.tensors.set(name, value);
    return;
  }
  for (const [key, child] of entriesOf(value) ?? []) {
    collect(into, child, name === '' ? nameOf(key) : `${name}.${nameOf(key)}`, depth + 1);
  }
}
