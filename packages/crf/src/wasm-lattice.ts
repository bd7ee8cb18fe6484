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
  readonly #ones = new Map<number, Float32Array>();

  private constructor(module: CrfModule, source: PointSource, built: BuiltLattice) {
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
  static build(module: CrfModule, source: PointSource, phantom: boolean, threads?: number): WasmLattice | undefined {
    const built = buildWasmLattice(module, source, phantom, module.threadsFor(source.points, threads));
    return built && new WasmLattice(module, source, built);
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

  /** The filter of ones at the first so many points; kept as long as the lattice. */
  ones(senders = this.points): Float32Array {
    const known = this.#ones.get(senders);
    if (known) return known;
    const ones = this.filter(new Float32Array(this.points).fill(1, 0, senders), 1, false);
    this.#ones.set(senders, ones);
    return ones;
  }

  filter(values: Float32Array, channels: number, reverse: boolean): Float32Array {
    const { points, slots, weights } = this;
    const result = new Float32Array(values.length);
    if (values.length === 0) return result;
    const vectors = channels === 1 ? 0 : Math.ceil(channels / 4);
    const width = vectors === 0 ? 1 : vectors * 4;
    const { heap, splat, splatOne, slice, sliceOne } = this.#module;
    const taken: number[] = [];
    const take = (bytes: number) => {
      const at = heap.allocate(bytes, true);
      taken.push(at);
      return at;
    };
    try {
      const [source, target] = [take(points * width * 4), take(points * width * 4)];
      // Slot 0 of a buffer stands for absent vertices: zeros.
      const bytes = (this.vertices + 1) * width * 4;
      const buffers = [take(bytes), take(bytes)];
      interleave(values, channels, heap.floats(source, points * width), width);
      const corners = this.dimensions + 1;
      const scale = sliceScale(this.dimensions);
      if (vectors === 0) splatOne(buffers[0]!, slots, weights, corners, 0, source, points);
      else splat(vectors, buffers[0]!, slots, weights, corners, 0, source, points);
      const front = this.blur(vectors, buffers[0]!, buffers[1]!, reverse);
      if (vectors === 0) sliceOne(front, slots, weights, corners, scale, 0, target, points);
      else slice(vectors, front, slots, weights, corners, scale, 0, target, points);
      deinterleave(heap.floats(target, points * width), width, result, channels);
      return result;
    } finally {
      for (const at of taken) heap.free(at);
    }
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

function release(heap: CrfModule['heap'], { slots, weights, neighbours }: BuiltLattice): void {
  for (const at of [slots, weights, neighbours]) heap.free(at);
}
