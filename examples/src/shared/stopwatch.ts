import { MemoryPeak } from './memory-peak';

/** A step of a program: how long it took, and the most memory that was held in it. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
  /** In bytes. */
  readonly memory: number;
  readonly note?: string;
}

/** Measures the steps of a program one after another. */
export class Stopwatch {
  readonly #steps: Step[] = [];
  readonly #memory = new MemoryPeak();
  #last = performance.now();

  /** Says what the time since the last call (or the start) went into, and returns it in seconds. */
  lap(name: string, note?: string): number {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    this.#steps.push({ name, seconds, memory: this.#memory.take(), ...(note !== undefined && { note }) });
    return seconds;
  }

  /** After the last lap. */
  stop(): void {
    this.#memory.stop();
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  get total(): number {
    return this.#steps.reduce((sum, { seconds }) => sum + seconds, 0);
  }
}

/** `412 MiB`. */
export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** The steps as a report shows them. */
export function reportSteps(steps: readonly Step[]): { name: string; seconds: number; note: string }[] {
  return steps.map(({ name, seconds, memory, note }) => ({
    name,
    seconds,
    note: [...(note === undefined ? [] : [note]), `memory up to ${mebibytes(memory)}`].join('; '),
  }));
}
