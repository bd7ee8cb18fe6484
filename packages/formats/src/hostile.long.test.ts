import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { FORMATS } from '../test-helpers/mutate';

const COUNT = 10_000;
const MOST_MEGABYTES = 256;
/** One file may take two seconds; a little more is for the process and its neighbours. */
const MOST_SILENCE = 4000;

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

interface Answer {
  problem?: string;
  /** Megabytes. */
  peak: number;
}

function answer(process: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(() => reject(new Error(`no answer within ${MOST_SILENCE} ms`))), MOST_SILENCE);
    const onExit = (code: number | null, signal: string | null) =>
      done(() => reject(new Error(`the process ended: ${code ?? signal}`)));
    const onMessage = (message: unknown) => done(() => resolve(message as Answer));
    function done(settle: () => void): void {
      clearTimeout(timer);
      process.off('exit', onExit).off('message', onMessage);
      settle();
    }
    process.on('exit', onExit).on('message', onMessage);
  });
}

describe('hostile files, each read in a process of its own limits', () => {
  test.each(FORMATS)(`${COUNT} of %s`, async (format) => {
    const worker = fileURLToPath(new URL('../test-helpers/worker.ts', import.meta.url));
    child = fork(worker, { execArgv: ['--import', 'tsx', '--conditions=@wsss/source'] });
    await answer(child);
    // what a sound reading takes is not counted: the first files warm the process up
    let idle = 0;
    for (let seed = 0; seed < COUNT; seed++) {
      const reply = answer(child);
      child.send([format, seed]);
      const { problem, peak } = await reply.catch((error) =>
        Promise.reject(new Error(`${format}, seed ${seed}: ${error.message}`)),
      );
      if (seed === 20) idle = peak;
      const megabytes = idle === 0 ? 0 : peak - idle;
      if (problem !== undefined || megabytes > MOST_MEGABYTES) {
        expect({ format, seed, problem, megabytes }).toEqual({ format, seed, problem: undefined, megabytes: 0 });
      }
    }
    expect(existsSync('/tmp/wsss-was-executed')).toBe(false);
  });
});
