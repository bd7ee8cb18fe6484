import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../lib/root.mjs';

/**
 * Runs vitest's tests in a folder of the repository, output passed through, and counts them.
 *
 * @param folder Relative to the root: `packages/backend`.
 * @param options `args` for `vitest run` (filters, another `--config`, relative to the folder); `env` on top of this
 *   process's; `node` another Node program than this one; `nodeOptions` for it.
 * @returns `{ passed, failed, skipped }`; a file that does not load counts as one failed, as does another exit code
 *   than that of success without a failed test.
 */
export async function runVitest(folder, { args = [], env = {}, node = process.execPath, nodeOptions = [] } = {}) {
  const name = `lane-${process.pid}`;
  const report = join(root, folder, '.reports', `${name}.json`);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = args.some((arg) => arg.startsWith('--config')) ? [] : ['--config', '../../vitest.config.ts'];
  const child = spawn(node, [...nodeOptions, vitest, 'run', ...config, ...args], {
    cwd: join(root, folder),
    stdio: 'inherit',
    env: { ...process.env, WSSS_REPORT: name, ...env },
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(signal ? 1 : exit));
  });
  const count = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(report)) {
    for (const { assertionResults, status } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
      const verdicts = assertionResults.map((assertion) => assertion.status);
      for (const verdict of verdicts) count[verdict === 'passed' || verdict === 'failed' ? verdict : 'skipped']++;
      if (status === 'failed' && !verdicts.includes('failed')) count.failed++;
    }
    rmSync(report);
  }
  if (code !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

/** The sum of several counts. */
export function sumCounts(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const count of counts) for (const key of Object.keys(total)) total[key] += count[key];
  return total;
}
