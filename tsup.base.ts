import { defineConfig, type Options } from 'tsup';

/** How every library of this repository is built: ESM with types, one file per public entry. */
export const library = (entry: Record<string, string>, options: Options = {}) =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    sourcemap: true,
    clean: true,
    treeshake: true,
    splitting: true,
    // Node's own modules are imported lazily, behind a check; everything else is a declared dependency.
    external: [/^node:/, /^@wsss\//, /^@tensorflow\//],
    ...options,
  });
