import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { decodeImage } from '@wsss/datasets';
import { expect, test } from 'vitest';

/** Runs an example as a person would, on the sources. */
async function runExample(name: string, ...args: string[]): Promise<string> {
  const file = resolve(import.meta.dirname, name);
  const flags = ['--import', 'tsx', '--conditions=@wsss/source'];
  return (await promisify(execFile)(process.execPath, [...flags, file, ...args])).stdout;
}

test('cam.ts writes a picture for each class', async () => {
  const lines = (await runExample('cam.ts')).trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const [i, name] of ['red', 'green', 'blue'].entries()) {
    const [, share, path] = /above one half in +([\d.]+) % of the photo {2}(.*)$/.exec(lines[i]!)!;
    expect(lines[i]!.startsWith(name)).toBe(true);
    expect(Number(share)).toBeGreaterThan(0);
    expect((await decodeImage(await readFile(path!))).shape).toEqual([192, 192, 3]);
  }
});

test('metrics.ts prints a row for each class, and an interval around the mean', async () => {
  const text = await runExample('metrics.ts');
  for (const name of ['background', 'fish', 'starfish']) expect(text).toMatch(new RegExp(`^${name} .*%`, 'm'));
  const [mean, low, high] = [
    ...text
      .split('\n')
      .at(-2)!
      .matchAll(/([\d.]+) %/g),
  ].map(([, value]) => Number(value));
  expect(low).toBeLessThan(mean!);
  expect(high).toBeGreaterThan(mean!);
});

test('crf.ts makes coarse scores better, and writes a picture', async () => {
  const text = await runExample('crf.ts');
  const [before, after] = [...text.matchAll(/mean IoU ([\d.]+) %/g)].map(([, value]) => Number(value));
  expect(after).toBeGreaterThan(before! + 5);
  expect((await decodeImage(await readFile(text.trim().split('\n').at(-1)!))).shape).toEqual([144, 444, 3]);
});

test('voc says what is wrong in one line, and tells so by its exit code', async () => {
  const failed = await runExample('voc/index.ts', '--data', 'nowhere', '--weights', 'nothing').catch((error) => error);
  expect(failed.code).toBe(1);
  expect(failed.stderr.trim()).toBe(
    'FormatError: nowhere: expected the folder of a data set (--data), got nothing there.',
  );
  expect(await runExample('voc/index.ts', '--help')).toContain('--weights');
});

test('sipe-steps.ts writes a picture for each step, and its last map shows more than the first', async () => {
  const lines = (await runExample('sipe-steps.ts')).trim().split('\n');
  const shares: number[] = [];
  for (const [i, name] of ['cam', 'structure', 'seeds', 'prototypes', 'is-cam'].entries()) {
    const path = lines[i]!.split('  ').at(-1)!.trim();
    expect(path.endsWith(`${name}.png`)).toBe(true);
    expect((await decodeImage(await readFile(path))).shape.length).toBe(3);
    if (name.endsWith('cam')) shares.push(Number(/([\d.]+) %/.exec(lines[i]!)![1]));
  }
  expect(shares[1]).toBeGreaterThan(2 * shares[0]!);
});

test('segmentation.ts learns, and the labels of a scene make its masks better', async () => {
  const text = await runExample('segmentation.ts', '1');
  const [plain, gated] = [...text.matchAll(/mean IoU ([\d.]+) %/g)].map(([, value]) => Number(value));
  expect(gated).toBeGreaterThan(plain!);
  const picture = await decodeImage(await readFile(text.trim().split('\n').at(-1)!));
  expect(picture.shape).toEqual([496, 596, 3]);
});
