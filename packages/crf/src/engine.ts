import type { LatticeData, PointSource } from './kernels/lattice-data';

/** How a term's filtered distributions become costs: see {@link Compatibility}. */
export type CompatibilityMatrix =
  | { readonly kind: 'potts'; readonly weight: number }
  | { readonly kind: 'diagonal'; readonly weights: Float32Array }
  | { readonly kind: 'full'; readonly matrix: Float32Array };

export type Normalization = 'none' | 'before' | 'after' | 'symmetric';

/** One pairwise term of the energy. */
export interface Term {
  readonly lattice: EngineLattice;
  readonly normalization: Normalization;
  readonly compatibility: CompatibilityMatrix;
  /** Only the first so many points send messages and count in the normalisation. @default all */
  readonly senders?: number;
}

/** A lattice in the memory of an engine. */
export interface EngineLattice {
  readonly points: number;
  readonly dimensions: number;
  readonly vertices: number;
  /** Its tables, copied out. */
  data(): LatticeData;
  /** `[N, channels]` → `[N, channels]`. */
  filter(values: Float32Array, channels: number, reverse: boolean): Float32Array;
  dispose(): void;
}

/** One mean-field inference under way: a distribution over the classes at every point. */
export interface Field {
  /** Q = softmax(−u). */
  start(): void;
  /** Q as given for the first points, `[senders, classes]`; the others, which send nothing, have none yet. */
  resume(q: Float32Array): void;
  /** The parallel update of all points, `count` times. */
  step(count: number): void;
  /** `[N, classes]` */
  distribution(): Float32Array;
  /** `[N, classes]`: the sum over the terms of compat(filter(Q)). */
  costs(): Float32Array;
  dispose(): void;
}

/** What computes, on at most `threads` threads (all processors if not said): WebAssembly, or plain JavaScript with the same numbers. */
export interface Engine {
  readonly name: 'wasm' | 'plain';
  /**
   * Before the work starts.
   * @throws {BackendError} if there is no memory for so many bytes.
   */
  require(bytes: number, purpose: string): void;
  /** @returns `undefined` if a coordinate of the lattice does not fit 16 bits. */
  lattice(source: PointSource, phantom: boolean, threads?: number): EngineLattice | undefined;
  /**
   * @param unary `[N, classes]`; may hold +Infinity.
   * @throws {ValueError} for NaN or −Infinity, and for a point without a possible class.
   */
  field(points: number, classes: number, unary: Float32Array, terms: readonly Term[], threads?: number): Field;
}
