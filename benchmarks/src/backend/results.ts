import { execSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { version_core } from '@tensorflow/tfjs-core';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Writes what was measured, with machine, versions and commit, to `out/NAME.json`. */
export function writeResults(name: string, setting: object, results: unknown): void {
  const folder = fileURLToPath(new URL('../../out/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const metadata = {
    date: new Date().toISOString(),
    commit: execSync('git rev-parse --short HEAD').toString().trim(),
    node: process.version,
    tfjs: version_core,
    processor: cpus()[0]?.model,
    cores: cpus().length,
    load: loadavg(),
    ...setting,
  };
  const file = `${folder}${name}.json`;
  writeFileSync(file, `${JSON.stringify({ metadata, results }, null, 2)}\n`);
  console.log(`wrote ${file}`);
}
