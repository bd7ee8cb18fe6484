import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { laneLine, readLaneReports } from './lane-reports.mjs';
import { reportFiles } from './reports.mjs';
import { root } from './root.mjs';

/**
 * Prints a line per workspace, what failed, and the total as the last line.
 *
 * @param suites Which suites to count: 'unit', 'golden', 'long', 'lanes'.
 * @param code Turbo's exit code: a failure outside of a test (lint, types, packaging) counts as one failed.
 */
export function printSummary(suites, { code = 0, seconds } = {}) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  console.log('');
  for (const file of reportFiles(suites)) {
    const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const { assertionResults, name, status, message } of testResults) {
      for (const { status: verdict, fullName } of assertionResults) {
        count[verdict === 'passed' || verdict === 'failed' ? verdict : 'skipped']++;
        if (verdict === 'failed') failures.push(`${relative(root, name)}: ${fullName}`);
      }
      if (status === 'failed' && !assertionResults.some((a) => a.status === 'failed')) {
        count.failed++;
        failures.push(`${relative(root, name)}: ${message}`);
      }
    }
    for (const key of Object.keys(total)) total[key] += count[key];
    const folder = relative(root, dirname(dirname(file))) || 'repository';
    console.log(`${folder.padEnd(22)} ${line(count)}`);
  }
  const golden = join(root, 'golden', '.reports', 'golden.txt');
  if (suites.includes('golden') && existsSync(golden)) {
    console.log(`\nGolden suite: ${readFileSync(golden, 'utf8').trim().split('\n').slice(-2).join('\n')}`);
  }
  const lanes = suites.includes('lanes') ? readLaneReports() : [];
  for (const lane of lanes) {
    for (const key of Object.keys(total)) total[key] += lane[key];
    if (lane.failed > 0) failures.push(`lane ${lane.name}: see above`);
  }
  if (code !== 0 && total.failed === 0) {
    total.failed = 1;
    failures.push('lint, types, a build or a package check failed: see above');
  }
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((f) => `- ${f}`).join('\n')}`);
  if (lanes.length > 0) console.log(`\n${lanes.map(laneLine).join('\n')}\n`);
  if (seconds !== undefined) console.log(`\nin ${Math.round(seconds)} s`);
  console.log(line(total));
  return total;
}

const line = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
