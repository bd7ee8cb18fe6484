import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FormatError, ValueError } from '@wsss/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HELP, readMerge, readOptions } from './read-options';

let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voc-options-'));
  file = join(folder, 'weights.safetensors');
  await writeFile(file, '');
});
afterAll(() => rm(folder, { recursive: true }));

test('reads the command line', async () => {
  const args = ['--data', folder, '--weights', file];
  const usual = { data: folder, weights: file, out: 'there', limit: undefined, seed: 1, bound: false };
  expect(await readOptions(args, 'there')).toEqual(usual);
  expect(await readOptions([...args, '--out', 'here', '--limit', '12'], 'there')).toMatchObject({
    out: 'here',
    limit: 12,
  });
  expect(await readOptions([...args, '--seed', '3', '--bound'], '')).toMatchObject({ seed: 3, bound: true });
  expect(readMerge(args, 'there')).toBeUndefined();
  expect(readMerge(['--merge'], 'there')).toBe('there');
  expect(readMerge(['--merge', '--out', 'here'], 'there')).toBe('here');
});

test('gives way to a question for help, whose text names every option', async () => {
  expect(await readOptions(['--help'], '')).toBeUndefined();
  expect(await readOptions(['-h', '--data', 'nowhere'], '')).toBeUndefined();
  for (const name of ['data', 'weights', 'out', 'limit', 'seed', 'bound', 'merge', 'help']) {
    expect(HELP).toContain(`--${name}`);
  }
});

test('refuses what it does not know, or cannot use, by name', async () => {
  const given = ['--data', folder, '--weights', file];
  await expect(readOptions([], '')).rejects.toThrow('voc: expected `--data` to be given');
  await expect(readOptions(['--data', folder], '')).rejects.toThrow('voc: expected `--weights` to be given');
  await expect(readOptions([...given, '--fast'], '')).rejects.toThrow(/'--fast'/);
  await expect(readOptions([...given, 'more'], '')).rejects.toThrow(ValueError);
  for (const limit of ['0', '-1', '1.5', 'all']) {
    await expect(readOptions([...given, `--limit=${limit}`], '')).rejects.toThrow('`--limit` to be a whole number ≥ 1');
  }
  await expect(readOptions([...given, '--seed=x'], '')).rejects.toThrow('`--seed` to be a whole number');
  expect(() => readMerge(['--merge', '--data', folder], '')).toThrow('`--data` to be left out with --merge');
  await expect(readOptions([...given, '--merge'], '')).rejects.toThrow('`--merge` to be left out');
});

test('names a path where there is nothing, or something else', async () => {
  const missing = join(folder, 'missing');
  const wrong = [
    [missing, file, `${missing}: expected the folder of a data set (--data), got nothing there.`],
    [file, file, `${file}: expected the folder of a data set (--data), got a file.`],
    [folder, missing, `${missing}: expected a file of weights (--weights), got nothing there.`],
    [folder, folder, `${folder}: expected a file of weights (--weights), got a folder.`],
  ] as const;
  for (const [data, weights, message] of wrong) {
    const reading = readOptions(['--data', data, '--weights', weights], '');
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(message);
  }
});
