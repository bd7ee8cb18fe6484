import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ValueError } from '@wsss/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { report } from './report';
import { writeReport } from './write-report';

const content = { title: 'A page', sections: [] };
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('writes the page and says where, as an absolute path', async () => {
  const file = join(folder, 'new', 'page.html');
  expect(await writeReport(relative(process.cwd(), file), content)).toBe(file);
  expect(await readFile(file, 'utf8')).toBe(await report(content));
  expect(await readdir(join(folder, 'new'))).toEqual(['page.html']);
});

test('leaves an older page alone where the new one cannot be made', async () => {
  const file = join(folder, 'page.html');
  await writeFile(file, 'old');
  await expect(writeReport(file, { title: '', sections: [] })).rejects.toThrow(ValueError);
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['page.html']);
});

test('needs a path', async () => {
  await expect(writeReport('', content)).rejects.toThrow('`path`');
});
