import type { WasmPixels } from './build-wasm-lattice';
import { CRF_WASM, CRF_WASM_THREADS } from './generated/crf-wasm';
import type { VertexNumbering } from './vertex-numbering';
import { WasmMemory } from './wasm-memory';
import { JOB, processors, ROWS, type ThreadExports, threadImports, threadsPossible, WasmThreads } from './wasm-threads';

/** What assembly/index.ts exports; addresses are bytes from the start of the memory. */
export interface CrfExports {
  zero(at: number, bytes: number): void;
  locate(state: number, features: number, stride: number, count: number, slots: number, weights: number): number;
  rehash(state: number): void;
  findNeighbours(state: number, steps: number, neighbours: number, first: number, end: number): void;
  empty(state: number): void;
  clear(state: number): void;
  adopt(state: number, other: number, map: number): void;
  renumber(slots: number, count: number, map: number): void;
  pass(state: number, mode: number, first: number, end: number): void;
  blur(vectors: number, from: number, to: number, neighbours: number, first: number, last: number): void;
  blurOne(from: number, to: number, neighbours: number, first: number, last: number): void;
  splat(
    vectors: number,
    to: number,
    slots: number,
    weights: number,
    corners: number,
    before: number,
    source: number,
    count: number,
  ): void;
  slice(
    vectors: number,
    from: number,
    slots: number,
    weights: number,
    corners: number,
    scale: number,
    after: number,
    target: number,
    count: number,
  ): void;
  splatOne(
    to: number,
    slots: number,
    weights: number,
    corners: number,
    before: number,
    source: number,
    count: number,
  ): void;
  sliceOne(
    from: number,
    slots: number,
    weights: number,
    corners: number,
    scale: number,
    after: number,
    target: number,
    count: number,
  ): void;

  pixelFeatures(
    image: number,
    width: number,
    channels: number,
    deviations: number,
    target: number,
    stride: number,
    from: number,
    count: number,
  ): void;
  negateRows(source: number, classes: number, target: number, vectors: number, count: number): number;
  subtractRows(source: number, target: number, count: number): number;
  ones(target: number, senders: number, count: number): void;
  reciprocals(values: number, count: number, root: boolean): void;
  packRows(source: number, vectors: number, target: number, classes: number, count: number): void;
  sigmoidRows(source: number, target: number, count: number): void;
  negativeLogs(values: number, count: number, scale: number, shift: number, low: number): number;
}

/** A run of points to locate; `count` may be 0. */
export interface LocateJob {
  readonly numbering: VertexNumbering;
  readonly features: number;
  readonly count: number;
  readonly slots: number;
  readonly weights: number;
  /** The first pixel of the run. */
  readonly from: number;
}

/** Points below which a second thread costs more than it brings. */
const WORTH_THREADS = 20_000;
/** Points of a pass at a time: the engine can switch to faster code only between calls. */
const PASS = 8192;

/** The module with its memory; whatever can run on several threads takes their number. */
export interface CrfModule extends CrfExports {
  readonly heap: WasmMemory;
  /** How many threads a job on so many points should use now: all processors, or as many as wanted. */
  threadsFor(points: number, wanted: number | undefined): number;
  /** Resolves to the number of threads that there are. */
  ready(wanted: number | undefined): Promise<number>;
  /** Locates one run for each thread, and says how far each came. */
  locateRuns(jobs: readonly LocateJob[], stride: number, pixels: WasmPixels | undefined): number[];
  /** A pass of one thread over all points. */
  passAll(state: number, mode: number, points: number): void;
  /** Iterations of several threads; their states lie `bytes` apart. `before` is the mode of a first pass, or 0. */
  iterate(threads: number, state: number, bytes: number, points: number, count: number, before: number): void;
  /** Finds the neighbours of all vertices along all axes. */
  neighboursAll(
    threads: number,
    state: number,
    steps: number,
    neighbours: number,
    axes: number,
    vertices: number,
  ): void;
  renumberAll(threads: number, slots: number, count: number, map: number): void;
  /** A whole filter of several threads: see assembly/threads.ts. */
  filterShared(threads: number, args: readonly number[], scale: number): void;
  /** The same for the normalisation. */
  factorsShared(threads: number, args: readonly number[], scale: number): void;
  /** negateRows, subtractRows, packRows or sigmoidRows on several threads; 0 vectors for two classes in one channel. */
  rowsAll(
    threads: number,
    what: keyof typeof ROWS,
    source: number,
    target: number,
    classes: number,
    vectors: number,
    count: number,
  ): number;
  /** negativeLogs on several threads. */
  logsAll(threads: number, values: number, count: number, scale: number, shift: number, low: number): number;
}

/** See assembly/mean-field.ts: the bit of a pass that splats. */
const SPLAT = 2;

let loaded: CrfModule | null | undefined;

/** The WebAssembly module, compiled at the first call; `null` where SIMD is missing or compiling is forbidden. */
export function crfModule(): CrfModule | null {
  if (loaded === undefined) loaded = (threadsPossible() ? load(true) : null) ?? load(false);
  return loaded;
}

function load(shared: boolean): CrfModule | null {
  try {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared });
    const binary = Uint8Array.from(atob(shared ? CRF_WASM_THREADS : CRF_WASM), (char) => char.charCodeAt(0));
    const module = new WebAssembly.Module(binary);
    const env = shared ? threadImports(memory) : { memory };
    const exports = new WebAssembly.Instance(module, { env }).exports as unknown as CrfExports & ThreadExports;
    const heap = new WasmMemory(memory, exports.zero);
    return withThreads(exports, heap, shared ? new WasmThreads(exports, module, heap) : undefined);
  } catch {
    // No WebAssembly, no SIMD, or a content-security policy without 'wasm-unsafe-eval': the plain engine has the same
    // numbers. Where only the shared memory is refused, one thread is left.
    return null;
  }
}

function withThreads(exports: CrfExports, heap: WasmMemory, threads: WasmThreads | undefined): CrfModule {
  return {
    ...exports,
    heap,
    threadsFor(points, wanted = processors()) {
      return threads && wanted > 1 && points >= WORTH_THREADS ? threads.available(wanted) : 1;
    },
    async ready(wanted = processors()) {
      return threads && wanted > 1 ? threads.ready(wanted) : 1;
    },
    locateRuns(jobs, stride, pixels) {
      if (jobs.length > 1) {
        const args = jobs.flatMap(({ numbering, features, count, slots, weights, from }) => [
          ...[numbering.state, features, stride, count, slots, weights, from],
          ...(pixels ? [pixels.image, pixels.width, pixels.channels, pixels.deviations] : [0, 0, 0, 0]),
        ]);
        threads!.run(JOB.locate, jobs.length, args);
        return jobs.map(({ numbering }) => numbering.done);
      }
      return jobs.map(({ numbering, features, count, slots, weights, from }) => {
        if (numbering.fresh) exports.empty(numbering.state);
        if (pixels) {
          const { image, width, channels, deviations } = pixels;
          exports.pixelFeatures(image, width, channels, deviations, features, stride, from, count);
        }
        return exports.locate(numbering.state, features, stride, count, slots, weights);
      });
    },
    passAll(state, mode, points) {
      if (mode & SPLAT) exports.clear(state);
      for (let from = 0; from < points; from += PASS) exports.pass(state, mode, from, Math.min(points, from + PASS));
    },
    iterate(count, state, bytes, points, iterations, before) {
      threads!.run(JOB.iterate, count, [state, bytes, points, iterations, before]);
    },
    neighboursAll(count, state, steps, neighbours, axes, vertices) {
      if (count > 1) {
        threads!.run(JOB.neighbours, count, [state, steps, neighbours, axes]);
        return;
      }
      exports.zero(neighbours, axes * vertices * 8);
      exports.findNeighbours(state, steps, neighbours, 0, axes * vertices);
    },
    renumberAll(count, slots, length, map) {
      if (count > 1) threads!.run(JOB.renumber, count, [slots, length, map]);
      else exports.renumber(slots, length, map);
    },
    filterShared(count, args, scale) {
      threads!.run(JOB.filter, count, args, scale);
    },
    factorsShared(count, args, scale) {
      threads!.run(JOB.factors, count, args, scale);
    },
    rowsAll(count, what, source, target, classes, vectors, rows) {
      if (count > 1) return threads!.run(JOB.rows, count, [ROWS[what], source, target, classes, vectors, rows]);
      if (what === 'negate') return exports.negateRows(source, classes, target, vectors, rows);
      if (what === 'subtract') return exports.subtractRows(source, target, rows);
      if (what === 'pack') exports.packRows(source, vectors, target, classes, rows);
      else exports.sigmoidRows(source, target, rows);
      return 0;
    },
    logsAll(count, values, length, scale, shift, low) {
      if (count > 1) return threads!.run(JOB.logs, count, [values, length], scale, shift, low);
      return exports.negativeLogs(values, length, scale, shift, low);
    },
  };
}
