import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Published, repository } from './published';
import { expectCommand } from './run-command';

/** A small program per package, as a user would write it; what it prints stands below it as comments. */
const folder = join(repository, 'environments', 'uses');

const fileOf = ({ name }: Published) => join(folder, `${name.slice('@wsss/'.length)}.mjs`);

/** Whether there is a program for the package. */
export const hasUse = (published: Published) => existsSync(fileOf(published));

/** The backends that the program names, to be installed beside the package, as a user would. */
export function backendsOf(published: Published): Record<string, string> {
  if (!hasUse(published)) return {};
  const named = readFileSync(fileOf(published), 'utf8').matchAll(/tfjs-backend-(\w+)|useBackend\('(\w+)'/g);
  return Object.fromEntries([...named].map(([, a, b]) => [`@tensorflow/tfjs-backend-${a ?? b}`, '^4.22.0']));
}

/** Copies the program into a project and runs it there. */
export async function runUse(published: Published, project: string): Promise<{ printed: string; expected: string }> {
  const file = join(project, 'use.mjs');
  copyFileSync(fileOf(published), file);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').reverse();
  const comments = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('// ')),
  );
  const printed = await expectCommand(process.execPath, [file], project);
  const expected = comments.reverse().map((line) => line.slice('// '.length));
  return { printed: printed.trim(), expected: expected.join('\n') };
}
