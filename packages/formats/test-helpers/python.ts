import { execFileSync, spawnSync } from 'node:child_process';
import type { TypedArray } from '@wsss/core';

/** The first Python ($PYTHON, python3, the system's) that has a module. */
export function pythonWith(module: string): string | undefined {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'];
  return candidates.find((python) => python && spawnSync(python, ['-c', `import ${module}`]).status === 0);
}

/** What a script prints. */
export function run(python: string, folder: string, script: string): string {
  return execFileSync(python, ['-c', script], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function hex(values: TypedArray): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
}
