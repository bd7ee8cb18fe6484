import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectCommand } from './run-command';

/**
 * Imports entries in plain Node, without a bundler and without our export condition.
 *
 * @returns The names that each exports.
 */
export async function importEntries(entries: readonly string[], project: string): Promise<Record<string, string[]>> {
  const file = join(project, 'import-entries.mjs');
  const lines = entries.map((entry) => `found['${entry}'] = Object.keys(await import('${entry}'));`);
  writeFileSync(file, ['const found = {};', ...lines, 'console.log(JSON.stringify(found));'].join('\n'));
  return JSON.parse(await expectCommand(process.execPath, [file], project)) as Record<string, string[]>;
}
