import { checkUnary } from './check-unary';
import type { Field, Term } from './engine';
import { sliceScale } from './kernels/lattice-data';
import { deinterleave, interleave } from './rows';
import type { WasmLattice } from './wasm-lattice';
import type { CrfModule } from './wasm-module';

// See assembly/mean-field.ts.
const SLICE = 1;
const SPLAT = 2;
const STORE = 4;
const LOAD = 8;
const COSTS = 16;
const FIRST_TERM = 8;
const TERM = 16;
const RUN = 64;
const KINDS = { potts: 0, diagonal: 1, full: 2 } as const;

interface WasmTerm extends Term {
  readonly lattice: WasmLattice;
  /** Two buffers of vertex values: what was splatted last lies in the first. */
  readonly buffers: [number, number];
}

/** What is held must not lead to the field: closures of its constructor would. */
interface Held {
  readonly module: CrfModule;
  readonly taken: number[];
}
const registry = new FinalizationRegistry<Held>(giveBack);

/** A mean field in the memory of the WebAssembly module. */
export class WasmField implements Field {
  readonly #module: CrfModule;
  readonly #taken: number[] = [];
  readonly #terms: WasmTerm[];
  readonly #threads: number;
  /** One for each thread, so many bytes apart. */
  readonly #state: number;
  readonly #stateBytes: number;
  readonly #kept: number;
  /** 0: two classes in one channel, as the difference of their scores. */
  readonly #vectors: number;
  readonly #width: number;
  /** Whether the kept distribution, or the start, lies in the lattices. */
  #splatted = false;
  #stored = false;

  constructor(
    module: CrfModule,
    readonly points: number,
    readonly classes: number,
    readonly unary: Float32Array,
    terms: readonly Term[],
    threads: number | undefined,
    /** One channel per class even where two would fit in one. */
    readonly separate = false,
  ) {
    this.#module = module;
    this.#threads = module.threadsFor(points, threads);
    registry.register(this, { module, taken: this.#taken }, this);
    const two = classes === 2 && !separate && terms.every((term) => term.compatibility.kind === 'potts');
    this.#vectors = two ? 0 : Math.ceil(classes / 4);
    this.#width = two ? 1 : this.#vectors * 4;
    this.#stateBytes = (FIRST_TERM + TERM * terms.length) * 4;
    try {
      // Two classes are handled four points at a time.
      const bytes = (points + 3) * this.#width * 4;
      const scores = this.#take(bytes);
      // The filter wants zeros in the padding; what a pass writes has them.
      this.#kept = this.#take(bytes, separate);
      this.#writeScores(scores);

      this.#state = this.#take(this.#stateBytes * this.#threads, true);
      for (let t = 0; t < this.#threads; t++) {
        const scratch = this.#take(2 * RUN * this.#width * 4);
        const words = module.heap.words(this.#state + t * this.#stateBytes, FIRST_TERM);
        words.set([this.#vectors, terms.length, scores, this.#kept, scratch, classes]);
      }
      this.#terms = terms.map((term, index) => this.#prepare(term, index));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  start(): void {
    this.#splatted = false;
    this.#stored = false;
  }

  resume(q: Float32Array): void {
    const { heap } = this.#module;
    const { classes } = this;
    const kept = heap.floats(this.#kept, this.points * this.#width).fill(0);
    if (this.#vectors > 0) interleave(q, classes, kept, this.#width);
    // The kept score difference of two classes; 0 sends nothing.
    else
      for (let i = 0; 2 * i < q.length; i++)
        kept[i] = Math.log(Math.max(q[2 * i + 1]!, 1e-30) / Math.max(q[2 * i]!, 1e-30));
    this.#splatted = false;
    this.#stored = true;
  }

  step(count: number): void {
    if (this.#threads > 1) {
      if (count > 0) this.#iterate(count, this.#stored ? LOAD | SPLAT : SPLAT);
      return;
    }
    for (let n = 0; n < count; n++) {
      if (!this.#splatted) this.#pass(this.#stored ? LOAD | SPLAT : SPLAT);
      this.#blur();
      const last = n === count - 1;
      this.#pass(SLICE | (last ? STORE : SPLAT));
      this.#splatted = !last;
      this.#stored = last;
    }
  }

  distribution(): Float32Array {
    if (!this.#stored) {
      if (this.#threads > 1) this.#iterate(0, STORE);
      else this.#pass(STORE);
    }
    this.#stored = true;
    const { heap } = this.#module;
    const size = this.points * this.classes;
    const packed = heap.allocate((size + 8) * 4);
    try {
      const what = this.#vectors === 0 ? 'sigmoid' : 'pack';
      this.#module.rowsAll(this.#threads, what, this.#kept, packed, this.classes, this.#vectors, this.points);
      return heap.floats(packed, size).slice();
    } finally {
      heap.free(packed);
    }
  }

  costs(): Float32Array {
    const q = this.distribution();
    // Rare, and not needed to be fast: a field of its own, whose start is this distribution.
    const other = new WasmField(this.#module, this.points, this.classes, this.unary, this.#terms, 1, true);
    try {
      return other.#costsOf(q);
    } finally {
      other.dispose();
    }
  }

  dispose(): void {
    registry.unregister(this);
    giveBack({ module: this.#module, taken: this.#taken });
  }

  #costsOf(q: Float32Array): Float32Array {
    const { heap } = this.#module;
    interleave(q, this.classes, heap.floats(this.#kept, this.points * this.#width), this.#width);
    this.#pass(LOAD | SPLAT);
    this.#blur();
    this.#pass(COSTS);
    const result = new Float32Array(q.length);
    deinterleave(heap.floats(this.#kept, this.points * this.#width), this.#width, result, this.classes);
    return result.map((cost) => -cost);
  }

  #take(bytes: number, zeroed = false): number {
    const at = this.#module.heap.allocate(bytes, zeroed);
    this.#taken.push(at);
    return at;
  }

  #put(values: Float32Array): number {
    const at = this.#take(values.length * 4);
    this.#module.heap.floats(at, values.length).set(values);
    return at;
  }

  /**
   * −u, padded with classes that are as good as impossible.
   * @throws {ValueError} from the check of the values, which is only looked into if something is wrong.
   */
  #writeScores(scores: number): void {
    const { heap } = this.#module;
    const { unary, classes, points } = this;
    const source = heap.allocate(unary.length * 4 + 12);
    heap.floats(source, unary.length).set(unary);
    const what = this.#vectors === 0 ? 'subtract' : 'negate';
    const flags = this.#module.rowsAll(this.#threads, what, source, scores, classes, this.#vectors, points);
    heap.free(source);
    if (flags !== 0) checkUnary(unary, classes);
  }

  #prepare(term: Term, index: number): WasmTerm {
    const { heap } = this.#module;
    const { compatibility, normalization } = term;
    const lattice = term.lattice as WasmLattice;
    const factors = normalization === 'none' ? 0 : lattice.factors(normalization === 'symmetric', term.senders);
    const before = normalization === 'after' ? 0 : factors;
    const after = normalization === 'before' ? 0 : factors;
    let matrix = 0;
    let factor = sliceScale(lattice.dimensions);
    if (compatibility.kind === 'potts') factor *= compatibility.weight;
    else
      matrix = this.#put(
        this.#padded(compatibility.kind === 'diagonal' ? compatibility.weights : compatibility.matrix),
      );

    const bytes = Math.ceil(((lattice.vertices + 1) * this.#width * 4) / 64) * 64;
    const buffers: [number, number] = [this.#take(bytes, true), this.#take(bytes, true)];
    const others = this.#threads > 1 ? this.#take(bytes * (this.#threads - 1), true) : 0;
    for (let t = 0; t < this.#threads; t++) {
      const at = this.#termAddress(t, index);
      const { dimensions, slots, weights } = lattice;
      const kind = KINDS[compatibility.kind];
      const [one, two] = buffers;
      // Where a thread splats: the first into what is blurred then, the others beside it.
      const own = t === 0 ? one : others + (t - 1) * bytes;
      heap
        .words(at, TERM)
        .set([
          ...[dimensions + 1, slots, weights, before, after, two, own, kind, 0, matrix, bytes],
          ...[lattice.vertices, lattice.neighbours, others, one, two],
        ]);
      heap.floats(at, TERM)[8] = factor;
    }
    return { ...term, lattice, buffers };
  }

  #termAddress(thread: number, index: number): number {
    return this.#state + thread * this.#stateBytes + (FIRST_TERM + index * TERM) * 4;
  }

  /** Rows of `classes` to rows of `width`. */
  #padded(rows: Float32Array): Float32Array {
    const padded = new Float32Array((rows.length / this.classes) * this.#width);
    interleave(rows, this.classes, padded, this.#width);
    return padded;
  }

  #iterate(count: number, before: number): void {
    this.#module.iterate(this.#threads, this.#state, this.#stateBytes, this.points, count, before);
    this.#stored = true;
  }

  /** Of a single thread. */
  #pass(mode: number): void {
    const { heap } = this.#module;
    // What is sliced stays; the other buffer of each term takes the new values.
    const swap = (mode & (SPLAT | SLICE)) === (SPLAT | SLICE);
    for (const [index, { buffers }] of this.#terms.entries()) {
      const [from, to] = buffers;
      heap.words(this.#termAddress(0, index) + 20, 2).set([from, swap ? to : from]);
    }
    this.#module.passAll(this.#state, mode, this.points);
    if (swap) for (const term of this.#terms) term.buffers.reverse();
  }

  #blur(): void {
    for (const { lattice, buffers } of this.#terms) {
      const [from, to] = buffers;
      if (lattice.blur(this.#vectors, from, to) !== from) buffers.reverse();
    }
  }
}

function giveBack({ module, taken }: Held): void {
  for (const at of taken.splice(0)) module.heap.free(at);
}
