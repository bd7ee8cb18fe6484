import { ValueError } from './errors';

/** A stream of seeded random numbers: equal seeds give equal streams on every machine. */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  next(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number, uniform in low..high, both included. */
  integer(low: number, high: number): number;
  /** Normal with mean 0 and variance 1. */
  normal(): number;
  /** Shuffles in place and returns the same array. */
  shuffle<T>(items: T[]): T[];
  /** A stream of its own for each name, independent of how much of this one was used. */
  fork(name: string | number): Random;
  /** What is needed to go on from here: see {@link random}. */
  state(): RandomState;
}

/** Where a stream stands; plain numbers, so that a checkpoint can hold it. */
export interface RandomState {
  readonly seed: number;
  readonly position: number;
}

/**
 * Seeded random numbers.
 *
 * @param seed A whole number, or the state of an earlier stream to go on from.
 * @throws {ValueError} if the seed is not a whole number in the safe range.
 *
 * Source: the counter is mixed by the finaliser of Steele, Lea & Flood, "Fast splittable pseudorandom number
 * generators" (OOPSLA 2014), in its 32-bit form.
 */
export function random(seed: number | RandomState): Random {
  const start: RandomState = typeof seed === 'number' ? { seed, position: 0 } : seed;
  if (!Number.isSafeInteger(start.seed) || !Number.isSafeInteger(start.position) || start.position < 0) {
    throw new ValueError('random', 'seed', 'to be a whole number, or the state of a stream', seed);
  }
  return new Counter(start.seed, start.position);
}

class Counter implements Random {
  readonly #seed: number;
  readonly #key: number;
  #position: number;

  constructor(seed: number, position: number) {
    this.#seed = seed;
    this.#key = mix(mix(seed | 0) ^ Math.floor(seed / 4294967296));
    this.#position = position;
  }

  next(): number {
    const position = this.#position++;
    return (
      (mix(mix(this.#key + Math.imul(position | 0, 0x9e3779b1)) ^ Math.floor(position / 4294967296)) >>> 0) / 4294967296
    );
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  normal(): number {
    // Box–Muller, one of the pair: the stream's position then says everything about its state.
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  fork(name: string | number): Random {
    let hash = 0x811c9dc5 ^ this.#key;
    for (const char of `${typeof name}:${name}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
    return new Counter(mix(hash) >>> 0, 0);
  }

  state(): RandomState {
    return { seed: this.#seed, position: this.#position };
  }
}

/** Every bit of the result depends on every bit of the 32-bit input; a bijection. */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
