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
const WORDS = 16;
const CACHE_BYTES = 4096 * 64;

/** The hash table that numbers vertices while points are located, in the memory of the WebAssembly module. */
export class VertexNumbering {
  /** Address of the state that the module's functions take. */
  readonly state: number;
  readonly #module: CrfModule;
  readonly #dimensions: number;
  readonly #most: number;
  readonly #fixed: number[] = [];
  #capacity = 0;
  #keys = 0;
  #table = 0;
  #tableSize = 0;

  /** @param most No more vertices than this will come. */
  constructor(module: CrfModule, dimensions: number, most: number) {
    this.#module = module;
    this.#dimensions = dimensions;
    this.#most = most;
    const { heap } = module;
    const take = (bytes: number, zeroed = false) => {
      const at = heap.allocate(bytes, zeroed);
      this.#fixed.push(at);
      return at;
    };
    let [cache, scales, scratch] = [0, 0, 0];
    try {
      this.state = take(WORDS * 4, true);
      [cache, scales, scratch] = [take(CACHE_BYTES, true), take(64), take(1024)];
    } catch (error) {
      this.free();
      throw error;
    }
    heap.floats(scales, dimensions).set(embeddingScale(dimensions));
    // Behind the eight scales: all ones in the lanes of a key that are used.
    new Int16Array(heap.memory.buffer, scales + 32, 8).fill(0).fill(-1, 0, dimensions);
    this.#set({ [CACHE]: cache, [SCALES]: scales, [SCRATCH]: scratch, [DIMENSIONS]: dimensions });
  }

  /** Vertices so far. */
  get size(): number {
    return this.#get(SIZE);
  }

  /** Whether a coordinate did not fit 16 bits. */
  get overflow(): boolean {
    return this.#get(OVERFLOW) !== 0;
  }

  /** Makes room for so many more vertices, the table at most half full. */
  reserve(more: number): void {
    const { heap } = this.#module;
    const { size } = this;
    const wanted = size + more;
    if (wanted > this.#capacity) {
      this.#capacity = Math.max(wanted, Math.min(Math.floor(this.#capacity * 1.5), this.#most));
      const keys = heap.allocate((this.#capacity + 1) * 16);
      new Uint8Array(heap.memory.buffer).copyWithin(keys, this.#keys, this.#keys + (size + 1) * 16);
      if (this.#keys) heap.free(this.#keys);
      this.#keys = keys;
      this.#set({ [KEYS]: keys });
    }
    if (wanted * 2 <= this.#tableSize) return;
    if (this.#table) heap.free(this.#table);
    this.#table = 0;
    while (this.#tableSize < wanted * 2) this.#tableSize = Math.max(65536, this.#tableSize * 2);
    this.#table = heap.allocate(this.#tableSize * 4, true);
    this.#set({ [TABLE]: this.#table, [MASK]: this.#tableSize - 1 });
    this.#module.rehash(this.state);
  }

  /** Numbers the vertices of another numbering after its own, and the `count` slots that named them there. */
  adopt(other: VertexNumbering, slots: number, count: number): void {
    const { heap } = this.#module;
    this.reserve(other.size);
    const map = heap.allocate((other.size + 1) * 4);
    this.#module.adopt(this.state, other.state, map);
    this.#module.renumber(slots, count, map);
    heap.free(map);
    if (other.overflow) this.#set({ [OVERFLOW]: 1 });
  }

  /** Allocates and fills `[d + 1, M, 2]`: the slots of all vertices' neighbours. */
  neighbours(threads: number): number {
    const { heap } = this.#module;
    const d = this.#dimensions;
    const steps = heap.allocate((d + 1) * 16);
    this.#fixed.push(steps);
    const neighbours = heap.allocate((d + 1) * this.size * 8, true);
    const view = new Int16Array(heap.memory.buffer, steps, (d + 1) * 8).fill(0);
    for (let axis = 0; axis <= d; axis++) {
      view.fill(-1, axis * 8, axis * 8 + d);
      if (axis < d) view[axis * 8 + axis] = d;
    }
    this.#module.neighboursAll(threads, this.state, steps, neighbours, d + 1);
    return neighbours;
  }

  free(): void {
    for (const at of [...this.#fixed.splice(0), this.#keys, this.#table]) this.#module.heap.free(at);
    // A second call must not give back what belongs to another by then.
    this.#keys = 0;
    this.#table = 0;
  }

  #get(word: number): number {
    return this.#module.heap.words(this.state, WORDS)[word]!;
  }

  #set(words: Record<number, number>): void {
    const view = this.#module.heap.words(this.state, WORDS);
    for (const [word, value] of Object.entries(words)) view[Number(word)] = value;
  }
}
