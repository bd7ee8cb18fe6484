import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../peers/inference.py', import.meta.url));

/** torch in a process of its own, held to AVX2 and one thread; it waits while another computes. */
export class InferencePeer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  /** Starts it; it has written its files into the folder then. */
  static async start(folder: string): Promise<InferencePeer> {
    const env = { ...process.env, DNNL_MAX_CPU_ISA: 'AVX2', OPENBLAS_CORETYPE: 'Haswell', OMP_NUM_THREADS: '1' };
    const child = spawn(process.env.PYTHON ?? '/usr/bin/python3', [script, folder], { env });
    child.stderr.pipe(process.stderr);
    const peer = new InferencePeer(child);
    for (;;) {
      const line = await peer.#line();
      if (line.startsWith('ready')) return peer;
    }
  }

  /** Runs a model once; its seconds. */
  async run(model: string): Promise<number> {
    this.#process.stdin.write(`${model}\n`);
    return Number(await this.#line());
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await once(this.#process, 'exit');
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${script} ended: are python3-torch and python3-torchvision installed?`);
    return String(value);
  }
}
