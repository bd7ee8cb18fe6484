import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '@wsss/core';
import { saveBytes } from '@wsss/formats';

/** One script of a paper's recipe. */
export interface Stage {
  /** In one word, for `--steps`. */
  readonly name: string;
  readonly about: string;
  /** Does what is not done yet. @returns what it found, in lines of text */
  readonly run: () => Promise<readonly string[]>;
}

/**
 * Runs stages one after another, and remembers in `out/done` which are finished: a run that was stopped goes on with the
 * stage that it was in. A finished stage only says again what it found.
 *
 * @param settings What the stages depend on; another run's results are refused.
 * @param only The names of the stages to run. @default all
 * @returns What each found.
 * @throws {FormatError} if `out` holds results of other settings.
 */
export async function runStages(
  stages: readonly Stage[],
  { out, settings, only }: { out: string; settings: object; only?: readonly string[] | undefined },
): Promise<Record<string, readonly string[]>> {
  const folder = join(out, 'done');
  await mkdir(folder, { recursive: true });
  await keepSettings(join(out, 'settings.json'), settings);
  const found: Record<string, readonly string[]> = {};
  for (const [i, { name, about, run }] of stages.entries()) {
    if (only && !only.includes(name)) continue;
    const file = join(folder, `${name}.json`);
    const before = await readJson<readonly string[]>(file);
    console.log(`\n${i + 1}/${stages.length} ${name}: ${about}${before ? ' (done before)' : ''}`);
    const lines = before ?? (await run());
    if (!before) await saveJson(file, lines);
    for (const line of lines) console.log(`  ${line}`);
    found[name] = lines;
  }
  return found;
}

async function keepSettings(file: string, settings: object): Promise<void> {
  const text = JSON.stringify(settings);
  const before = await readJson<object>(file);
  if (before === undefined) await saveJson(file, settings);
  else if (JSON.stringify(before) !== text) {
    throw new FormatError(file, 'the settings of this run', 'others', 'Give another --out, or delete the folder.');
  }
}

async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

async function saveJson(file: string, value: unknown): Promise<void> {
  await saveBytes(file, new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}
