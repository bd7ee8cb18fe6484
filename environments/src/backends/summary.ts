/** What is kept of an array: its length in the sense of vectors, and some of its values. */
export interface Summary {
  readonly norm: number;
  readonly samples: readonly number[];
}

/** By what was computed. */
export type Summaries = Record<string, Summary>;

const SAMPLES = 200;

export function summarise(values: ArrayLike<number>): Summary {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! ** 2;
  // A prime step, so that the samples are of all channels.
  const step = values.length <= SAMPLES ? 1 : Math.floor(values.length / SAMPLES) | 1;
  const samples: number[] = [];
  for (let i = 0; i < values.length; i += step) samples.push(values[i]!);
  return { norm: Math.sqrt(squares), samples };
}

/** How far two are apart: the larger difference of their norms and of their samples, relative to the first. */
export function distance(wanted: Summary, got: Summary | undefined): number {
  if (!got || got.samples.length !== wanted.samples.length) return Number.POSITIVE_INFINITY;
  let [squares, difference] = [0, 0];
  for (const [i, value] of wanted.samples.entries()) {
    squares += value ** 2;
    difference += (got.samples[i]! - value) ** 2;
  }
  const samples = squares > 0 ? Math.sqrt(difference / squares) : Math.sqrt(difference);
  const norm = Math.abs(got.norm - wanted.norm) / (wanted.norm || 1);
  // NaN is no distance.
  return Number.isNaN(samples + norm) ? Number.POSITIVE_INFINITY : Math.max(samples, norm);
}
