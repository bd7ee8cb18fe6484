import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./train-to-be-killed.ts', import.meta.url));
/** Steps of an epoch: 22 items in batches of 4, two of them per step. */
export const stepsPerEpoch = 3;

/** When to kill a run: some milliseconds after it told a step. */
export interface Kill {
  readonly afterStep: number;
  readonly milliseconds: number;
}

/**
 * Trains in a process of its own, killed with SIGKILL as often as asked and started again each time.
 *
 * @returns What the run wrote in the end, and the steps that each process took.
 */
export async function runWithKills(epochs: number, pause: number, kills: readonly Kill[]) {
  const folder = await mkdtemp(join(tmpdir(), 'wsss-train-'));
  try {
    const steps: number[][] = [];
    for (const kill of kills) steps.push(await runOnce(folder, epochs, pause, kill));
    steps.push(await runOnce(folder, epochs, pause));
    return { final: await readFile(join(folder, 'final.json'), 'utf8'), steps, files: (await readdir(folder)).sort() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOnce(folder: string, epochs: number, pause: number, kill?: Kill): Promise<number[]> {
  const flags = ['--import', 'tsx', '--conditions=@wsss/source'];
  // It waits three steps later, so that the kill finds it however late it comes.
  const hold = kill ? [`${kill.afterStep + 3}`] : [];
  const child = spawn(process.execPath, [...flags, script, folder, `${epochs}`, `${pause}`, ...hold], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const steps: number[] = [];
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  createInterface(child.stdout).on('line', (line) => {
    const step = Number(line.slice('step '.length));
    steps.push(step);
    if (kill && step === kill.afterStep) setTimeout(() => child.kill('SIGKILL'), kill.milliseconds);
  });
  const [code, signal] = await exit;
  if (kill ? signal !== 'SIGKILL' : code !== 0) {
    throw new Error(`the run ended with ${code ?? signal}${kill ? ', and was to be killed' : ''}:\n${errors}`);
  }
  return steps;
}
