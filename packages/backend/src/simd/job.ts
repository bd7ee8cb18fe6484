/** What can be shared out among threads: see assembly/work.ts. */
export const JOB = {
  convolve: 0,
  filterGradient: 1,
  winograd: 2,
  winogradGradient: 3,
  transformFilters: 4,
  flipFilter: 5,
  depthwise: 6,
  depthwiseFilterGradient: 7,
} as const;

/** A job that is shared out. */
export interface SharedJob {
  /** One of {@link JOB}. */
  readonly job: number;
  /** Up to four words that describe it: see assembly/work.ts. */
  readonly words: readonly number[];
  /** How many parts it has, at most {@link MOST_PARTS}. */
  readonly parts: number;
  /** How many threads may take part. */
  readonly threads: number;
  /** Bytes of work space that each thread needs. */
  readonly bytes: number;
}

/** The ticket of assembly/threads.ts counts the parts that are left in 12 bits. */
export const MOST_PARTS = 4095;
