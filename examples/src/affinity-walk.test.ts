import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { decodeImage } from '@wsss/datasets';
import { expect, test } from 'vitest';

test('affinity-walk.ts brings drawn maps nearer to the things', async () => {
  const flags = ['--import', 'tsx', '--conditions=@wsss/source'];
  const run = promisify(execFile)(process.execPath, [...flags, resolve(import.meta.dirname, 'affinity-walk.ts')]);
  const lines = (await run).stdout.trim().split('\n');
  expect(lines[0]).toMatch(/^256 steps in \d+ applications/);
  const scores = lines.slice(1).map((line) => Number(/mean IoU ([\d.]+) %/.exec(line)![1]));
  expect(scores[1]).toBeGreaterThan(scores[0]! + 2);
  const picture = lines[2]!.split('  ').at(-2)!.trim();
  expect((await decodeImage(await readFile(picture))).shape).toEqual([192, 192, 3]);
});
