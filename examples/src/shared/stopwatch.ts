/** Measures the steps of a program one after another. */
export class Stopwatch {
  readonly #steps: { name: string; seconds: number; note?: string }[] = [];
  #last = performance.now();

  /** Says what the time since the last call (or the start) went into, and returns it in seconds. */
  lap(name: string, note?: string): number {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    this.#steps.push({ name, seconds, ...(note !== undefined && { note }) });
    return seconds;
  }

  get steps(): readonly { name: string; seconds: number; note?: string }[] {
    return this.#steps;
  }

  get total(): number {
    return this.#steps.reduce((sum, { seconds }) => sum + seconds, 0);
  }
}
