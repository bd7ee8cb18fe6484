/** What `fit` tells after every step. */
export interface Progress {
  /** Steps taken. */
  readonly step: number;
  /** Steps of the whole run, once known. */
  readonly steps: number | undefined;
  /** From 0. */
  readonly epoch: number;
  /** Epochs of the whole run, where it was asked for in epochs. */
  readonly epochs: number | undefined;
  /** Mean of the loss over the epoch so far. */
  readonly loss: number;
  /** Mean of each named term. */
  readonly terms: Readonly<Record<string, number>>;
  /** Of the last step. */
  readonly learningRate: number;
  /** Over this run so far, evaluations and checkpoints left out. */
  readonly imagesPerSecond: number;
  /** At the pace of this run so far, all included; once `steps` is known. */
  readonly secondsLeft: number | undefined;
}

/** Measures a run: the time of training proper, and of everything. */
export class Pace {
  readonly #start = performance.now();
  #paused = 0;
  #images = 0;
  #steps = 0;

  step(images: number): void {
    this.#images += images;
    this.#steps++;
  }

  /** Does something that is not training. */
  async aside<T>(work: () => Promise<T> | T): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#paused += performance.now() - start;
    }
  }

  get imagesPerSecond(): number {
    return (this.#images * 1000) / Math.max(performance.now() - this.#start - this.#paused, 1e-3);
  }

  secondsLeft(steps: number): number {
    return ((performance.now() - this.#start) / 1000 / Math.max(this.#steps, 1)) * Math.max(steps, 0);
  }
}
