import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('./without-simd.fixture.ts', import.meta.url));
const run = (...flags: string[]) =>
  spawnSync(process.execPath, [...flags, '--import', 'tsx', '--conditions=@wsss/source', program], {
    timeout: 40_000,
    encoding: 'utf8',
  });
// V8 takes SIMD of WebAssembly away where the processor has not this extension; other processors have no such switch.
const other = process.arch === 'x64' ? '' : ' (skipped: not an x64 processor)';

test.skipIf(process.arch !== 'x64')(`without SIMD the stock kernels compute, on one thread${other}`, () => {
  const { stdout, stderr, status } = run('--no-enable-sse4-1');
  expect(stdout, stderr).toBe('WebAssembly, 1 thread, true\nstock\n');
  expect(status).toBe(0);
});
