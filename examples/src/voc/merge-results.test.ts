import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { mergeResults } from './merge-results';
import { RUNGS } from './rungs';
import { SETTINGS } from './settings';

afterEach(() => vi.restoreAllMocks());

const folder = resolve(import.meta.dirname, '../../results/voc');

test('the table of the README is that of the results that are kept, of today’s settings', async () => {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(...text.split('\n')));
  const results = await mergeResults(folder);
  expect(results.map(({ settings }) => settings)).toEqual(
    [1, 2, 3].map((seed) => JSON.parse(JSON.stringify({ ...SETTINGS, seed }))),
  );
  // Without the column of seconds, which tell of a machine.
  const rows = lines.filter((line) => / % to /.test(line)).map((line) => line.trim().replace(/\s+[\d.]+$/, ''));
  expect(rows).toHaveLength(RUNGS.filter((rung) => !('bound' in rung)).length);
  const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
  for (const row of rows) expect(readme.split('\n')).toContain(row);
});
