/**
 * The most memory that the program held since it was asked last: resident bytes, looked at twenty times a second and
 * whenever it is asked. Short peaks in between stay unseen.
 */
export class MemoryPeak {
  #peak = process.memoryUsage.rss();
  readonly #timer = setInterval(() => this.#look(), 50).unref();

  #look(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }

  /** Bytes; begins anew. */
  take(): number {
    this.#look();
    const peak = this.#peak;
    this.#peak = process.memoryUsage.rss();
    return peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
