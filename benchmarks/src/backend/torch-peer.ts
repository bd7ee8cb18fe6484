import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StepSetting } from './training-step';

const script = fileURLToPath(new URL('../../peers/training_step.py', import.meta.url));

/** torch in a process of its own, which waits while the other side computes. */
export class TorchPeer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  private constructor(process: ChildProcessWithoutNullStreams, reader: Interface) {
    this.#process = process;
    this.#reader = reader;
    this.#lines = reader[Symbol.asyncIterator]();
  }

  /** Starts it, held to AVX2 and one thread. */
  static async start(network: string, { size, batch, classes }: StepSetting): Promise<TorchPeer> {
    const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...rest } = process.env;
    const env = { ...rest, DNNL_MAX_CPU_ISA: 'AVX2', OPENBLAS_CORETYPE: 'Haswell', OMP_NUM_THREADS: '1' };
    const python = process.env.PYTHON ?? '/usr/bin/python3';
    const child = spawn(python, [script, network, `${size}`, `${batch}`, `${classes}`], { env });
    child.stderr.pipe(process.stderr);
    const peer = new TorchPeer(child, createInterface({ input: child.stdout }));
    await peer.#line('ready');
    return peer;
  }

  /** One step; its seconds. */
  async step(): Promise<number> {
    this.#process.stdin.write('\n');
    return Number((await this.#line()).split(' ')[0]);
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await once(this.#process, 'exit');
    this.#reader.close();
  }

  async #line(start = ''): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done || !String(value).startsWith(start)) throw new Error(`${script} ended: is python3-torch installed?`);
    return value as string;
  }
}
