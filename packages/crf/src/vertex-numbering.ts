import { embeddingScale } from './kernels/lattice-data';
import type { CrfModule } from './wasm-module';

// The builder's state: see assembly/table.ts.
const MASK = 0;
const TABLE = 1;
const KEYS = 2;
const SIZE = 3;
const CACHE = 4;
const OVERFLOW = 5;
const DIMENSIONS = 6;
const SCALES = 7;
const SCRATCH = 8;
const LIMIT = 9;
const DONE = 10;
const FRESH = 11;
const WORDS = 16;
const CACHE_BYTES = 4096 * 64;
/** What four points can add, at most, and a little more. */
const MARGIN = 64;
const LARGEST_START = 262144;
/** Entries of the table for each vertex, at least: fewer make long searches. */
const SPACE = 4;

/** The hash table that numbers vertices while points are located, in the memory of the WebAssembly module. */
export class VertexNumbering {
  /** Address of the state that the module's functions take. */
  readonly state: number;
  readonly #module: CrfModule;
  readonly #dimensions: number;
  readonly #fixed: number[] = [];
  #keys = 0;
  #table = 0;
  #tableSize = 0;

  /** @param most No more vertices than this will come. */
  constructor(module: CrfModule, dimensions: number, most: number) {
    this.#module = module;
    this.#dimensions = dimensions;
    const { heap } = module;
    const take = (bytes: number, zeroed = false) => {
      const at = heap.allocate(bytes, zeroed);
      this.#fixed.push(at);
      return at;
    };
    try {
      this.state = take(WORDS * 4, true);
      const [cache, scales, scratch] = [take(CACHE_BYTES), take(64), take(1024)];
      heap.floats(scales, dimensions).set(embeddingScale(dimensions));
      // Behind the eight scales: all ones in the lanes of a key that are used.
      new Int16Array(heap.memory.buffer, scales + 32, 8).fill(0).fill(-1, 0, dimensions);
      this.#set({ [CACHE]: cache, [SCALES]: scales, [SCRATCH]: scratch, [DIMENSIONS]: dimensions, [FRESH]: 1 });
      let size = 256;
      while (size < LARGEST_START && size < SPACE * (most + MARGIN)) size *= 2;
      this.#resize(size);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Vertices so far. */
  get size(): number {
    return this.#get(SIZE);
  }

  /** Whether a coordinate did not fit 16 bits. */
  get overflow(): boolean {
    return this.#get(OVERFLOW) !== 0;
  }

  /** Whether locating points may have stopped for lack of room. */
  get full(): boolean {
    return this.size > this.#get(LIMIT);
  }

  /** Whether table and cache have still to be emptied: best by the thread that is going to use them. */
  get fresh(): boolean {
    return this.#get(FRESH) !== 0;
  }

  /** How many points the threads' last run located here. */
  get done(): number {
    return this.#get(DONE);
  }

  /** Makes room for so many more vertices: the table stays at most a quarter full. */
  reserve(more: number): void {
    let size = this.#tableSize;
    while (size < SPACE * (this.size + more + MARGIN)) size *= 2;
    if (size > this.#tableSize) this.#resize(size);
  }

  /** Numbers the vertices of another numbering after its own, and the `count` slots that named them there. */
  adopt(other: VertexNumbering, slots: number, count: number, threads: number): void {
    const { heap } = this.#module;
    this.reserve(other.size);
    const map = heap.allocate((other.size + 1) * 4);
    this.#module.adopt(this.state, other.state, map);
    this.#module.renumberAll(threads, slots, count, map);
    heap.free(map);
    if (other.overflow) this.#set({ [OVERFLOW]: 1 });
  }

  /** Allocates and fills `[d + 1, M, 2]`: the slots of all vertices' neighbours. */
  neighbours(threads: number): number {
    const { heap } = this.#module;
    const d = this.#dimensions;
    const steps = heap.allocate((d + 1) * 16);
    this.#fixed.push(steps);
    const neighbours = heap.allocate((d + 1) * this.size * 8);
    const view = new Int16Array(heap.memory.buffer, steps, (d + 1) * 8).fill(0);
    for (let axis = 0; axis <= d; axis++) {
      view.fill(-1, axis * 8, axis * 8 + d);
      if (axis < d) view[axis * 8 + axis] = d;
    }
    this.#module.neighboursAll(threads, this.state, steps, neighbours, d + 1, this.size);
    return neighbours;
  }

  free(): void {
    for (const at of [...this.#fixed.splice(0), this.#keys, this.#table]) this.#module.heap.free(at);
    // A second call must not give back what belongs to another by then.
    this.#keys = 0;
    this.#table = 0;
  }

  #resize(size: number): void {
    const { heap } = this.#module;
    if (this.#table) heap.free(this.#table);
    this.#table = 0;
    const keys = heap.allocate((size / SPACE + 1) * 16);
    new Uint8Array(heap.memory.buffer).copyWithin(keys, this.#keys, this.#keys + (this.size + 1) * 16);
    if (this.#keys) heap.free(this.#keys);
    this.#keys = keys;
    this.#table = heap.allocate(size * 4, !this.fresh);
    this.#tableSize = size;
    this.#set({ [KEYS]: keys, [TABLE]: this.#table, [MASK]: size - 1, [LIMIT]: size / SPACE - MARGIN });
    if (!this.fresh) this.#module.rehash(this.state);
  }

  #get(word: number): number {
    return this.#module.heap.words(this.state, WORDS)[word]!;
  }

  #set(words: Record<number, number>): void {
    const view = this.#module.heap.words(this.state, WORDS);
    for (const [word, value] of Object.entries(words)) view[Number(word)] = value;
  }
}
