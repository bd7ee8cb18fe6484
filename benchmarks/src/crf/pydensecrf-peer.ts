import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../peers/pydensecrf/infer.py', import.meta.url));
const python =
  process.env.PYDENSECRF_PYTHON ?? fileURLToPath(new URL('../../out/pydensecrf/venv/bin/python', import.meta.url));

/** Wall and processor milliseconds, KiB. */
export type Reply = readonly [wall: number, cpu: number, memory: number];

/** pydensecrf in a process of its own, which waits while the other side computes. */
export class PydensecrfPeer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #reader: Interface;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    if (!existsSync(python)) throw new Error(`${python} is missing: sh benchmarks/peers/pydensecrf/build.sh`);
    this.#process = spawn(python, [script]);
    this.#process.stderr.pipe(process.stderr);
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** What it runs on. */
  static version(): string {
    return execFileSync(
      python,
      ['-c', 'import sys, numpy; print(sys.version.split()[0], "numpy", numpy.__version__)'],
      {
        encoding: 'utf8',
      },
    ).trim();
  }

  async run(folder: string, width: number, height: number, classes: number): Promise<Reply> {
    this.#process.stdin.write(`${folder} ${width} ${height} ${classes}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${script} ended`);
    return String(value).split(' ').map(Number) as unknown as Reply;
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await once(this.#process, 'exit');
    this.#reader.close();
  }
}
