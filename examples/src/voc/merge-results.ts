import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, ValueError } from '@wsss/core';
import { printLadder } from './print-ladder';
import type { VocResult } from './result';
import { RunFolder } from './run-folder';

/**
 * Prints the table of all seeds in a folder.
 *
 * @throws {FormatError} if there is no result; {@link ValueError} if results differ in more than the seed.
 */
export async function mergeResults(out: string): Promise<readonly VocResult[]> {
  const names = (await readdir(out).catch(() => [])).filter((name) => /^seed-\d+$/.test(name));
  const numbers = names.map((name) => Number(name.slice(5))).sort((a, b) => a - b);
  const results: VocResult[] = [];
  for (const seed of numbers) {
    const result = await new RunFolder(join(out, `seed-${seed}`)).readJson<VocResult>('result.json');
    if (result) results.push(result);
    else console.log(`seed ${seed} has no result yet.`);
  }
  if (!results.length) throw new FormatError(out, 'the result of at least one seed', 'none');
  const [first] = results.map(({ settings }) => JSON.stringify({ ...settings, seed: 0 }));
  const other = results.find(({ settings }) => JSON.stringify({ ...settings, seed: 0 }) !== first);
  if (other) {
    throw new ValueError('voc', '--merge', 'to find runs with the same settings', `seed ${other.settings.seed}`);
  }
  printLadder(results);
  return results;
}
