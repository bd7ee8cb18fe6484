import type { ModuleLoad } from './node-modules';

/** What `@tensorflow/tfjs-node` calls of `node:util`; Node 23 took it away, and Node 22 warns of it. */
const OLD = {
  isArray: Array.isArray,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
};

/**
 * Runs `load` with a `node:util` that has the functions which `@tensorflow/tfjs-node` calls and current versions of
 * Node lack. Only its own files get it, for good; everything else, and everything after, gets Node's.
 *
 * @param modules `node:module`, whose `_load` is replaced meanwhile.
 */
export function withOldUtil<T>(modules: { _load: ModuleLoad }, load: () => T): T {
  const original = modules._load;
  let util: object | undefined;
  modules._load = function (this: unknown, request, parent, isMain) {
    const loaded = original.call(this, request, parent, isMain);
    if (!/^(node:)?util$/.test(request) || !/[\\/]tfjs-node(-gpu)?[\\/]/.test(parent?.filename ?? '')) return loaded;
    util ??= Object.create(loaded as object, Object.getOwnPropertyDescriptors(OLD)) as object;
    return util;
  };
  try {
    return load();
  } finally {
    modules._load = original;
  }
}
