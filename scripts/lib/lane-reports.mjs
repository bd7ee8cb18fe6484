import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const folder = join(root, '.reports', 'lanes');
const fileOf = (name) => join(folder, `${name}.json`);

/** Keeps what a lane found for the summary. */
export function writeLaneReport(result) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(result.name), `${JSON.stringify(result)}\n`);
}

/** What the lanes found that ran last. */
export function readLaneReports() {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** Of the lanes of these names; of all, also of those that there are no more, without names. */
export function removeLaneReports(names) {
  if (!names) return rmSync(folder, { recursive: true, force: true });
  for (const name of names) rmSync(fileOf(name), { force: true });
}

/** A line of text about a lane: its counts, or why it could not run. */
export function laneLine({ name, passed, failed, skipped, seconds, reason }) {
  const found =
    reason === undefined ? `${passed} passed, ${failed} failed, ${skipped} skipped` : `COULD NOT RUN: ${reason}`;
  return `${`lane ${name}`.padEnd(22)} ${found}${reason === undefined ? ` (${seconds} s)` : ''}`;
}
