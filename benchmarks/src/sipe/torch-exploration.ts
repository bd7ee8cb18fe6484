import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { HostTensor } from '@wsss/core';
import type { ExplorationScene } from './exploration-scene';

const script = fileURLToPath(new URL('../../peers/sipe_exploration.py', import.meta.url));

/** torch in a process of its own, which waits while the other side computes. */
export class TorchExploration {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  readonly #folder: string;
  readonly #cells: number;

  private constructor(process: ChildProcessWithoutNullStreams, folder: string, cells: number) {
    this.#process = process;
    this.#reader = createInterface({ input: process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    this.#folder = folder;
    this.#cells = cells;
  }

  static async start({ side, classes, maps, structure, prototype }: ExplorationScene, threads: number) {
    const folder = mkdtempSync(join(tmpdir(), 'wsss-sipe-'));
    const file = join(folder, 'scene.bin');
    writeFileSync(file, Buffer.concat([maps, structure, prototype].map(channelsFirst)));
    const sizes = [side, classes, structure.shape[2], prototype.shape[2], threads].map(String);
    const child = spawn(process.env.PYTHON ?? '/usr/bin/python3', [script, file, ...sizes]);
    child.stderr.pipe(process.stderr);
    const peer = new TorchExploration(child, folder, side * side);
    await peer.#line('ready');
    return peer;
  }

  /** One run: its seconds, and those up to the seeds. */
  async run(): Promise<[all: number, located: number]> {
    this.#process.stdin.write('\n');
    return (await this.#line()).split(' ').map(Number) as [number, number];
  }

  /** One run more: its IS-CAM `[K, cells]` and seeds. */
  async result(): Promise<{ isCam: Float32Array; seeds: Int32Array }> {
    this.#process.stdin.write('write\n');
    await this.#line();
    await this.#line('written');
    const { buffer } = Uint8Array.from(readFileSync(join(this.#folder, 'scene.bin.out')));
    const end = buffer.byteLength - this.#cells * 4;
    return { isCam: new Float32Array(buffer, 0, end / 4), seeds: new Int32Array(buffer, end) };
  }

  /** MiB by which the process has grown since its inputs were there. */
  async memory(): Promise<number> {
    this.#process.stdin.write('memory\n');
    return Number(await this.#line());
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await once(this.#process, 'exit');
    this.#reader.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #line(start = ''): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done || !String(value).startsWith(start)) throw new Error(`${script} ended: is python3-torch installed?`);
    return value as string;
  }
}

/** `[h, w, C]` as bytes of `[C, h, w]`. */
function channelsFirst({ values, shape }: HostTensor): Buffer {
  const C = shape[2]!;
  const cells = values.length / C;
  const out = new Float32Array(values.length);
  for (let i = 0; i < cells; i++) for (let c = 0; c < C; c++) out[c * cells + i] = values[i * C + c]!;
  return Buffer.from(out.buffer);
}
