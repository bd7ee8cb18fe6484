import { type BuiltLattice, buildWasmLattice } from './build-wasm-lattice';
import type { EngineLattice } from './engine';
import { type LatticeData, type PointSource, RUN, sliceScale } from './kernels/lattice-data';
import { Simplex } from './kernels/simplex';
import { deinterleave, interleave } from './rows';
import type { CrfModule } from './wasm-module';

/** Keys of the hash table are vectors of eight 16-bit coordinates. */
export const MOST_DIMENSIONS = 8;

const registry = new FinalizationRegistry<() => void>((free) => free());

/** A lattice in the memory of the WebAssembly module; vertex v is slot v + 1 there. */
export class WasmLattice implements EngineLattice, BuiltLattice {
  readonly points: number;
  readonly dimensions: number;
  readonly vertices: number;
  readonly slots: number;
  readonly weights: number;
  readonly neighbours: number;
  readonly #module: CrfModule;
  readonly #source: PointSource;
  readonly #threads: number;
  /** Addresses of normalisation factors, by what they are for. */
  readonly #factors = new Map<string, number>();
  readonly #taken: number[];

  private constructor(module: CrfModule, source: PointSource, built: BuiltLattice, threads: number) {
    this.#module = module;
    this.#threads = threads;
    this.#source = source;
    this.points = source.points;
    this.dimensions = source.dimensions;
    this.vertices = built.vertices;
    this.slots = built.slots;
    this.weights = built.weights;
    this.neighbours = built.neighbours;
    const { heap } = module;
    const taken = [built.slots, built.weights, built.neighbours];
    this.#taken = taken;
    registry.register(this, () => release(heap, taken), this);
  }

  /** @returns `undefined` if a coordinate does not fit 16 bits. */
  static build(module: CrfModule, source: PointSource, phantom: boolean, threads?: number): WasmLattice | undefined {
    const count = module.threadsFor(source.points, threads);
    const built = buildWasmLattice(module, source, phantom, count);
    return built && new WasmLattice(module, source, built, count);
  }

  data(): LatticeData {
    const { heap } = this.#module;
    const { points, dimensions: d, vertices } = this;
    const back = (slot: number) => slot - 1;
    return {
      points,
      dimensions: d,
      vertices,
      offset: heap.words(this.slots, points * (d + 1)).map(back),
      barycentric: heap.floats(this.weights, points * (d + 1)).slice(),
      neighbours: heap.words(this.neighbours, (d + 1) * vertices * 2).map(back),
      rank: this.#ranks(),
    };
  }

  /**
   * The address of 1 / n for each point, or of its root's: n is the filter of ones at the first `senders` points. Kept
   * as long as the lattice.
   */
  factors(root: boolean, senders = this.points): number {
    const key = `${root} ${senders}`;
    const known = this.#factors.get(key);
    if (known !== undefined) return known;
    const { heap } = this.#module;
    const { points } = this;
    // Reciprocals are computed four at a time.
    const target = heap.allocate((points + 3) * 4);
    this.#taken.push(target);
    this.#withBuffers(0, this.#threads, (buffers) => {
      if (this.#threads > 1) {
        const args = this.#shared(0, buffers, root ? senders + 2 ** 31 : senders, target);
        this.#module.factorsShared(this.#threads, args, sliceScale(this.dimensions));
        return;
      }
      this.#module.ones(target, senders, points);
      const front = this.#splatAndBlur(0, buffers, target, false);
      this.#module.zero(target, points * 4);
      this.#slice(0, front, target);
      this.#module.reciprocals(target, points, root);
    });
    this.#factors.set(key, target);
    return target;
  }

  filter(values: Float32Array, channels: number, reverse: boolean): Float32Array {
    const { points } = this;
    const result = new Float32Array(values.length);
    if (values.length === 0) return result;
    const vectors = channels === 1 ? 0 : Math.ceil(channels / 4);
    const width = vectors === 0 ? 1 : vectors * 4;
    const { heap } = this.#module;
    const taken: number[] = [];
    const take = (bytes: number) => {
      const at = heap.allocate(bytes, true);
      taken.push(at);
      return at;
    };
    try {
      const [source, target] = [take(points * width * 4), take(points * width * 4)];
      interleave(values, channels, heap.floats(source, points * width), width);
      this.#filter(vectors, source, target, reverse);
      deinterleave(heap.floats(target, points * width), width, result, channels);
      return result;
    } finally {
      for (const at of taken) heap.free(at);
    }
  }

  /** Adds the filtered rows to those of the target. */
  #filter(vectors: number, source: number, target: number, reverse: boolean): void {
    const threads = reverse ? 1 : this.#threads;
    this.#withBuffers(vectors, threads, (buffers) => {
      if (threads > 1) {
        const args = this.#shared(vectors, buffers, source, target);
        this.#module.filterShared(threads, args, sliceScale(this.dimensions));
      } else {
        this.#slice(vectors, this.#splatAndBlur(vectors, buffers, source, reverse), target);
      }
    });
  }

  /** Bytes of a buffer for the vertices' values. Slot 0 stands for absent vertices: zeros. */
  #bytes(vectors: number): number {
    return Math.ceil(((this.vertices + 1) * Math.max(vectors * 16, 4)) / 64) * 64;
  }

  /** Two buffers, one behind the other, and one more for each other thread; only a single thread's are zeros. */
  #withBuffers(vectors: number, threads: number, work: (buffers: number) => void): void {
    const { heap } = this.#module;
    const buffers = heap.allocate(this.#bytes(vectors) * (threads + 1), threads === 1);
    try {
      work(buffers);
    } finally {
      heap.free(buffers);
    }
  }

  /** What several threads need to know for a filter, all but its scale. */
  #shared(vectors: number, buffers: number, source: number, target: number): number[] {
    const { vertices, neighbours, slots, weights, points } = this;
    const bytes = this.#bytes(vectors);
    return [
      ...[vectors, vertices, this.dimensions + 1, neighbours],
      ...[buffers, buffers + bytes, bytes, buffers + 2 * bytes],
      ...[slots, weights, points, source, target],
    ];
  }

  #splatAndBlur(vectors: number, buffers: number, source: number, reverse: boolean): number {
    const { points, slots, weights } = this;
    const corners = this.dimensions + 1;
    if (vectors === 0) this.#module.splatOne(buffers, slots, weights, corners, 0, source, points);
    else this.#module.splat(vectors, buffers, slots, weights, corners, 0, source, points);
    return this.blur(vectors, buffers, buffers + this.#bytes(vectors), reverse);
  }

  #slice(vectors: number, from: number, target: number): void {
    const { points, slots, weights } = this;
    const corners = this.dimensions + 1;
    const scale = sliceScale(this.dimensions);
    if (vectors === 0) this.#module.sliceOne(from, slots, weights, corners, scale, 0, target, points);
    else this.#module.slice(vectors, from, slots, weights, corners, scale, 0, target, points);
  }

  /** Blurs along all axes, back and forth between two buffers; returns the one that holds the result. */
  blur(vectors: number, from: number, to: number, reverse = false): number {
    const { vertices, dimensions: d } = this;
    for (let step = 0; step <= d; step++) {
      const axis = reverse ? d - step : step;
      const row = this.neighbours + axis * vertices * 8;
      if (vectors === 0) this.#module.blurOne(from, to, row, 1, vertices);
      else this.#module.blur(vectors, from, to, row, 1, vertices);
      [from, to] = [to, from];
    }
    return from;
  }

  dispose(): void {
    registry.unregister(this);
    release(this.#module.heap, this.#taken);
  }

  /** Not kept: found again by the same arithmetic. */
  #ranks(): Uint8Array {
    const { points, dimensions: d } = this;
    const rank = new Uint8Array(points * (d + 1));
    const simplex = new Simplex(d);
    const features = new Float32Array(RUN * d);
    for (let from = 0; from < points; from += RUN) {
      const count = Math.min(RUN, points - from);
      this.#source.fill(features, RUN, from, count);
      for (let i = 0; i < count; i++) {
        simplex.locate(features, i, RUN);
        rank.set(simplex.rank, (from + i) * (d + 1));
      }
    }
    return rank;
  }
}

function release(heap: CrfModule['heap'], taken: number[]): void {
  for (const at of taken.splice(0)) heap.free(at);
}
