// node scripts/lanes/run-lanes.mjs [NAME…] : the lanes of these names, all without one. A lane is a file beside this
// one: `name`, `available()` (why it cannot run here, else undefined) and `run()` (what passed). A lane that cannot run
// says why and fails nothing; a lane that can run and fails, or passes nothing, fails the run.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installMissing } from '../lib/install.mjs';
import { laneLine, removeLaneReports, writeLaneReport } from '../lib/lane-reports.mjs';
import { runLane } from './lib/run-lane.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'run-lanes.mjs')
  .map((file) => file.slice(0, -'.mjs'.length))
  .sort();
const named = process.argv.slice(2);
const wanted = named.length > 0 ? named : known;
for (const name of wanted) {
  if (existsSync(join(folder, `${name}.mjs`)) && known.includes(name)) continue;
  console.error(`There is no lane '${name}'. There are: ${known.join(', ')}`);
  process.exit(2);
}

await installMissing();
removeLaneReports(named.length > 0 ? named : undefined);
const results = [];
for (const name of wanted) {
  console.log(`\nLane ${name}`);
  const result = await runLane(await import(pathToFileURL(join(folder, `${name}.mjs`)).href));
  writeLaneReport(result);
  results.push(result);
}
console.log(`\n${results.map(laneLine).join('\n')}`);
process.exit(results.some(({ failed }) => failed > 0) ? 1 : 0);
