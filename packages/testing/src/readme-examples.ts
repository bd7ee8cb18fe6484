import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';

/** A block of JavaScript in a README, and the block behind it that says what it prints. */
export interface ReadmeExample {
  readonly index: number;
  readonly code: string;
  /** `undefined` where no such block follows. */
  readonly printed: string | undefined;
}

/** The blocks marked `js` of the README in a folder. */
export function readmeExamples(root: string): ReadmeExample[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = readme.matchAll(/```js\n(.*?)```\n(?:\n```\n(.*?)```)?/gs);
  return [...blocks].map(([, code, printed], index) => ({ index, code: code!, printed }));
}

/**
 * Runs an example as a module of the package in `root`, in an empty folder below `.reports`, which is removed again.
 *
 * @returns What it printed, as a terminal shows it.
 */
export async function runReadmeExample(root: string, { index, code }: ReadmeExample): Promise<string> {
  const folder = join(root, '.reports', `readme-${index}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'example.js');
  writeFileSync(file, code);
  const lines: string[] = [];
  const { log } = console;
  const home = process.cwd();
  process.chdir(folder);
  console.log = (...values: unknown[]) => void lines.push(format(...values));
  try {
    await import(/* @vite-ignore */ file);
  } finally {
    console.log = log;
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
  return lines.map((line) => `${line}\n`).join('');
}
