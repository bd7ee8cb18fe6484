import type { EngineLattice } from './engine';
import { embeddingScale, type LatticeData, type PointSource, RUN, sliceScale } from './kernels/lattice-data';
import { Simplex } from './kernels/simplex';
import type { CrfModule } from './wasm-module';

// The builder's state: see assembly/table.ts.
const STATE = {
  mask: 0,
  table: 1,
  keys: 2,
  size: 3,
  cache: 4,
  overflow: 5,
  dimensions: 6,
  scales: 7,
  scratch: 8,
  words: 16,
};
const CACHE_BYTES = 4096 * 80;
/** Keys are vectors of eight 16-bit coordinates. */
export const MOST_DIMENSIONS = 8;

const registry = new FinalizationRegistry<() => void>((free) => free());

/** A lattice in the memory of the WebAssembly module; vertex v is slot v + 1 there. */
export class WasmLattice implements EngineLattice {
  readonly points: number;
  readonly dimensions: number;
  readonly vertices: number;
  /** Addresses: `[N, d + 1]` slots and weights, `[d + 1, M, 2]` slots. */
  readonly slots: number;
  readonly weights: number;
  readonly neighbours: number;
  readonly #module: CrfModule;
  readonly #source: PointSource;
  readonly #ones = new Map<string, Float32Array>();

  private constructor(
    module: CrfModule,
    source: PointSource,
    built: { slots: number; weights: number; neighbours: number; vertices: number },
  ) {
    this.#module = module;
    this.#source = source;
    this.points = source.points;
    this.dimensions = source.dimensions;
    this.vertices = built.vertices;
    this.slots = built.slots;
    this.weights = built.weights;
    this.neighbours = built.neighbours;
    const { heap } = module;
    registry.register(this, () => release(heap, built), this);
  }

  /** @returns `undefined` if a coordinate does not fit 16 bits. */
  static build(module: CrfModule, source: PointSource, phantom: boolean): WasmLattice | undefined {
    const { heap } = module;
    const { points, dimensions: d } = source;
    const taken: number[] = [];
    const take = (bytes: number, zeroed = false) => {
      const at = heap.allocate(bytes, zeroed);
      taken.push(at);
      return at;
    };
    try {
      const corners = (d + 1) * 4;
      // Those that stay come first, so that what is given back afterwards leaves no hole below them.
      const slots = take(points * corners);
      const weights = take(points * corners);
      const features = take(d * RUN * 4);
      const state = take(STATE.words * 4, true);
      const tail = take(2 * corners * 4);
      const table = new Table(module, state, d, points);
      table.prepare(take(CACHE_BYTES, true), take(64), take(1024));
      const grid = source.pixels && {
        of: source.pixels,
        image: take(source.pixels.image?.length ?? 0),
        deviations: take(source.pixels.deviations.length * 4),
      };
      if (grid) {
        if (grid.of.image) new Uint8Array(heap.memory.buffer, grid.image).set(grid.of.image);
        heap.floats(grid.deviations, grid.of.deviations.length).set(grid.of.deviations);
      }

      for (let from = 0; from < points; from += RUN) {
        const count = Math.min(RUN, points - from);
        if (grid) {
          const { width, channels } = grid.of;
          module.pixelFeatures(grid.image, width, channels, grid.deviations, features, RUN, from, count);
        } else {
          source.fill(heap.floats(features, d * RUN), RUN, from, count);
        }
        const run = heap.floats(features, d * RUN);
        // Four points are embedded at a time: those beyond the end must not look like an overflow.
        for (let k = 0; k < d && count % 4 !== 0; k++) run.fill(0, k * RUN + count, k * RUN + count + 4 - (count % 4));
        table.reserve(count * (d + 1));
        module.locate(state, features, RUN, count, slots + from * corners, weights + from * corners);
      }
      if (phantom) {
        heap.floats(features, d * RUN).fill(0);
        table.reserve(d + 1);
        module.locate(state, features, RUN, 1, tail, tail + corners);
      }
      const overflow = heap.words(state, STATE.words)[STATE.overflow] !== 0;
      const neighbours = overflow ? 0 : table.neighbours();
      table.free();
      for (const at of taken.splice(2)) heap.free(at);
      if (overflow) {
        for (const at of taken) heap.free(at);
        return undefined;
      }
      return new WasmLattice(module, source, { slots, weights, neighbours, vertices: table.size });
    } catch (error) {
      for (const at of taken) heap.free(at);
      throw error;
    }
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

  filter(values: Float32Array, channels: number, reverse: boolean): Float32Array {
    const { points } = this;
    if (points === 0 || channels === 0) return values.slice();
    const result = new Float32Array(values.length);
    const vectors = channels === 1 ? 0 : Math.ceil(channels / 4);
    const width = vectors === 0 ? 1 : vectors * 4;
    const { heap } = this.#module;
    const source = heap.allocate((points + 4) * width * 4, true);
    const target = heap.allocate((points + 4) * width * 4, true);
    const buffers = [this.buffer(width), this.buffer(width)];
    interleave(values, channels, heap.floats(source, points * width), width);
    const corners = this.dimensions + 1;
    const scale = sliceScale(this.dimensions);
    const { slots, weights } = this;
    if (vectors === 0) this.#module.splatOne(buffers[0]!, slots, weights, corners, 0, source, points);
    else this.#module.splat(vectors, buffers[0]!, slots, weights, corners, 0, source, points);
    const front = this.blur(vectors, buffers[0]!, buffers[1]!, reverse);
    if (vectors === 0) this.#module.sliceOne(front, slots, weights, corners, scale, 0, target, points);
    else this.#module.slice(vectors, front, slots, weights, corners, scale, 0, target, points);
    deinterleave(heap.floats(target, points * width), width, result, channels);
    for (const at of [source, target, ...buffers]) heap.free(at);
    return result;
  }

  /** Room for `width` floats per vertex, zeroed; slot 0 has to stay so. */
  buffer(width: number): number {
    return this.#module.heap.allocate((this.vertices + 1) * width * 4, true);
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

  /** What `make` computed for this key before; kept as long as the lattice. */
  remember(key: string, make: () => Float32Array): Float32Array {
    let kept = this.#ones.get(key);
    if (!kept) {
      kept = make();
      this.#ones.set(key, kept);
    }
    return kept;
  }

  dispose(): void {
    registry.unregister(this);
    release(this.#module.heap, this);
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

function release(
  heap: CrfModule['heap'],
  { slots, weights, neighbours }: { slots: number; weights: number; neighbours: number },
): void {
  for (const at of [slots, weights, neighbours]) heap.free(at);
}

/** The hash table that numbers the vertices, and its keys; both grow between runs. */
class Table {
  size = 0;
  #capacity = 0;
  #keys = 0;
  #table = 0;
  #tableSize = 0;

  constructor(
    readonly module: CrfModule,
    readonly state: number,
    readonly dimensions: number,
    readonly points: number,
  ) {}

  prepare(cache: number, scales: number, scratch: number): void {
    const { heap } = this.module;
    const words = heap.words(this.state, STATE.words);
    words[STATE.cache] = cache;
    words[STATE.scales] = scales;
    words[STATE.scratch] = scratch;
    words[STATE.dimensions] = this.dimensions;
    heap.floats(scales, this.dimensions).set(embeddingScale(this.dimensions));
    // Behind the eight scales: all ones in the lanes of a key that are used.
    new Int16Array(heap.memory.buffer, scales + 32, 8).fill(0).fill(-1, 0, this.dimensions);
  }

  /** Makes room for so many more vertices, the table at most half full. */
  reserve(more: number): void {
    const { heap } = this.module;
    this.size = heap.words(this.state, STATE.words)[STATE.size]!;
    const wanted = this.size + more;
    if (wanted > this.#capacity) {
      // No lattice has more vertices than corners.
      this.#capacity = Math.min(
        Math.max(wanted, Math.floor(this.#capacity * 1.5)),
        Math.max(wanted, this.points * (this.dimensions + 1)),
      );
      const keys = heap.allocate((this.#capacity + 1) * 16);
      new Uint8Array(heap.memory.buffer).copyWithin(keys, this.#keys, this.#keys + (this.size + 1) * 16);
      if (this.#keys) heap.free(this.#keys);
      this.#keys = keys;
    }
    const words = heap.words(this.state, STATE.words);
    words[STATE.keys] = this.#keys;
    if (wanted * 2 <= this.#tableSize) return;
    if (this.#table) heap.free(this.#table);
    while (this.#tableSize < wanted * 2) this.#tableSize = Math.max(65536, this.#tableSize * 2);
    this.#table = heap.allocate(this.#tableSize * 4, true);
    const state = heap.words(this.state, STATE.words);
    state[STATE.table] = this.#table;
    state[STATE.mask] = this.#tableSize - 1;
    this.module.rehash(this.state);
  }

  /** The address of the neighbours of all vertices. */
  neighbours(): number {
    const { heap } = this.module;
    const d = this.dimensions;
    this.size = heap.words(this.state, STATE.words)[STATE.size]!;
    const neighbours = heap.allocate((d + 1) * this.size * 8, true);
    const steps = heap.allocate((d + 1) * 16);
    const view = new Int16Array(heap.memory.buffer, steps, (d + 1) * 8).fill(0);
    for (let axis = 0; axis <= d; axis++) {
      view.fill(-1, axis * 8, axis * 8 + d);
      if (axis < d) view[axis * 8 + axis] = d;
    }
    this.module.findNeighbours(this.state, steps, neighbours);
    heap.free(steps);
    return neighbours;
  }

  free(): void {
    this.module.heap.free(this.#keys);
    this.module.heap.free(this.#table);
  }
}

/** `[N, channels]` into rows of `width`; what lies behind the channels is left alone. */
export function interleave(values: Float32Array, channels: number, target: Float32Array, width: number): void {
  if (channels === width) {
    target.set(values);
    return;
  }
  for (let from = 0, to = 0; from < values.length; from += channels, to += width) {
    for (let c = 0; c < channels; c++) target[to + c] = values[from + c]!;
  }
}

export function deinterleave(values: Float32Array, width: number, target: Float32Array, channels: number): void {
  if (channels === width) {
    target.set(values);
    return;
  }
  for (let from = 0, to = 0; to < target.length; from += width, to += channels) {
    for (let c = 0; c < channels; c++) target[to + c] = values[from + c]!;
  }
}
