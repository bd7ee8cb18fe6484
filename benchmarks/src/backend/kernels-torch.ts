import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../peers/kernels.py', import.meta.url));

/** torch in a process of its own, held to AVX2 and one thread; it waits while the other side computes. */
export class TorchKernels {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  /** @returns `undefined` where there is no Python with torch. */
  static async start(): Promise<TorchKernels | undefined> {
    const env = { ...process.env, DNNL_MAX_CPU_ISA: 'AVX2', OPENBLAS_CORETYPE: 'Haswell', OMP_NUM_THREADS: '1' };
    const child = spawn(process.env.PYTHON ?? '/usr/bin/python3', [script], { env });
    child.on('error', () => {});
    const peer = new TorchKernels(child);
    const { value } = await peer.#lines.next();
    return String(value).startsWith('ready') ? peer : undefined;
  }

  /** Processor seconds of one pass. */
  async run(job: object): Promise<number> {
    this.#process.stdin.write(`${JSON.stringify(job)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${script} ended`);
    return Number(value);
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await once(this.#process, 'exit');
  }
}
