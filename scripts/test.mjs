// npm test: installs what is missing, then lint, types, unit and golden tests, package checks, packed packages.
// npm run test:long: the long checks (--long).
import { rmSync } from 'node:fs';
import { installMissing } from './lib/install.mjs';
import { reportFiles } from './lib/reports.mjs';
import { printSummary } from './lib/summary.mjs';
import { turbo } from './lib/turbo.mjs';

const long = process.argv.includes('--long');
const tasks = long ? ['test:long'] : ['lint', 'test:repository', 'types:all', 'test', 'test:golden', 'check'];
const suites = long ? ['long'] : ['unit', 'golden'];

await installMissing();
for (const file of reportFiles(suites)) rmSync(file);
const started = Date.now();
const code = await turbo(...tasks, '--continue', '--concurrency=2', '--output-logs=errors-only', '--log-order=grouped');
const { failed } = printSummary(suites, { code, seconds: (Date.now() - started) / 1000 });
process.exit(code !== 0 || failed > 0 ? 1 : 0);
