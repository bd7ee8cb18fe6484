import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endPrograms } from './run-program';

const PREFIX = '.wsss-partial-';

/**
 * Does work in a folder that is gone afterwards: when it is done, when it fails, and when the program is ended by a
 * signal. What a program that was killed left behind is removed first.
 *
 * @param beside The folder in which it is made.
 */
export async function withStaging<T>(beside: string, work: (folder: string) => Promise<T>): Promise<T> {
  removeLeftovers(beside);
  const folder = join(beside, `${PREFIX}${process.pid}`);
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const end = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => {
    endPrograms();
    remove();
    process.exit({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal]);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  try {
    mkdirSync(folder, { recursive: true });
    return await work(folder);
  } finally {
    for (const signal of signals) process.off(signal, end);
    remove();
  }
}

function removeLeftovers(beside: string): void {
  for (const name of existsSync(beside) ? readdirSync(beside) : []) {
    if (!name.startsWith(PREFIX) || isRunning(Number(name.slice(PREFIX.length)))) continue;
    rmSync(join(beside, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
