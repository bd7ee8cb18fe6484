import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** Bundles the page of the suite, or another, from the sources, with the files of the WASM backend beside it. */
export async function bundlePage(folder: string, page = 'page'): Promise<void> {
  await build({
    entryPoints: [join(here, `${page}.ts`)],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@wsss/source', 'module', 'browser'],
    // Only Node loads these.
    external: [
      'node:*',
      '@tensorflow/tfjs-node',
      '@tensorflow/tfjs-node-gpu',
      'webgpu',
      'worker_threads',
      'perf_hooks',
    ],
    logLevel: 'error',
  });
  const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  mkdirSync(join(folder, 'wasm'));
  for (const file of readdirSync(wasm)) {
    if (file.endsWith('.wasm')) cpSync(join(wasm, file), join(folder, 'wasm', file));
  }
  writeFileSync(join(folder, 'index.html'), `<!doctype html><script type="module" src="./${page}.js"></script>`);
}
