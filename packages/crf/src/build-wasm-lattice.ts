import { type PointSource, RUN } from './kernels/lattice-data';
import { latticeNeed } from './memory-need';
import { VertexNumbering } from './vertex-numbering';
import type { CrfModule } from './wasm-module';

/** Four points are handled at a time, so that up to so many bytes behind the last one are written. */
const SLACK = 128;

/** Addresses of a built lattice: `[N, d + 1]` slots and weights, `[d + 1, M, 2]` slots of neighbours. */
export interface BuiltLattice {
  readonly slots: number;
  readonly weights: number;
  readonly neighbours: number;
  readonly vertices: number;
}

/** The points that one thread locates, `next` up to `end`. */
interface Part {
  readonly numbering: VertexNumbering;
  readonly features: number;
  readonly start: number;
  readonly end: number;
  next: number;
}

/** @returns `undefined` if a coordinate does not fit 16 bits. */
export function buildWasmLattice(
  module: CrfModule,
  source: PointSource,
  phantom: boolean,
  threads: number,
): BuiltLattice | undefined {
  const { heap } = module;
  const { points, dimensions: d } = source;
  const corners = d + 1;
  heap.require(latticeNeed(points, d), `A lattice of ${points} points with ${d} features`);
  const scratch: number[] = [];
  const parts: Part[] = [];
  const kept: number[] = [];
  try {
    // What stays comes first, so that what is given back afterwards leaves no hole below it.
    const slots = heap.allocate(points * corners * 4);
    kept.push(slots);
    const weights = heap.allocate(points * corners * 4 + SLACK);
    kept.push(weights);
    const runs = Math.ceil(points / RUN);
    const count = Math.min(threads, runs);
    for (let t = 0; t < count; t++) {
      const features = heap.allocate(d * RUN * 4 + SLACK);
      scratch.push(features);
      const start = Math.floor((runs * t) / count) * RUN;
      const end = Math.min(points, Math.floor((runs * (t + 1)) / count) * RUN);
      const numbering = new VertexNumbering(module, d, (end - start) * corners);
      parts.push({ numbering, features, start, end, next: start });
    }
    const pixels = writePixels(module, source, scratch);

    while (parts.some(({ next, end }) => next < end)) {
      const jobs = parts.map(({ numbering, features, next, end }) => {
        // Threads that make the features themselves go on until they are done, or a table is full.
        const count = Math.min(pixels && parts.length > 1 ? points : RUN, end - next);
        if (!pixels && count > 0) fillRun(module, source, features, next, count);
        const at = next * corners * 4;
        return { numbering, features, count, slots: slots + at, weights: weights + at, from: next };
      });
      const done = module.locateRuns(jobs, RUN, pixels);
      for (const [index, part] of parts.entries()) {
        part.next += done[index]!;
        if (part.numbering.full) part.numbering.reserve(part.numbering.size);
      }
    }

    const { numbering } = parts[0]!;
    for (const { numbering: other, start, end } of parts.slice(1)) {
      numbering.adopt(other, slots + start * corners * 4, (end - start) * corners, count);
      other.free();
    }
    if (phantom) locateOrigin(module, source, numbering, parts[0]!.features, scratch);
    if (numbering.overflow) {
      for (const at of kept) heap.free(at);
      return undefined;
    }
    return { slots, weights, neighbours: numbering.neighbours(count), vertices: numbering.size };
  } catch (error) {
    for (const at of kept) heap.free(at);
    throw error;
  } finally {
    for (const { numbering } of parts) numbering.free();
    for (const at of scratch) heap.free(at);
  }
}

/** Addresses of an image, and of its deviations with the features of each value, from which the module computes the features itself. */
export interface WasmPixels {
  readonly image: number;
  readonly deviations: number;
  readonly width: number;
  readonly channels: number;
}

function writePixels({ heap }: CrfModule, { pixels }: PointSource, scratch: number[]): WasmPixels | undefined {
  if (!pixels) return undefined;
  const { width, channels, image, deviations } = pixels;
  // Reading may go a little beyond the last pixel.
  const bytes = heap.allocate((image?.length ?? 0) + 64);
  scratch.push(bytes);
  const tables = heap.allocate(16 + channels * 1024);
  scratch.push(tables);
  if (image) new Uint8Array(heap.memory.buffer, bytes).set(image);
  const [sx, sy, ...spreads] = deviations;
  const floats = heap.floats(tables, 4 + channels * 256);
  floats.set([sx!, sy!]);
  for (let c = 0; c < channels; c++) {
    for (let value = 0; value < 256; value++) floats[4 + c * 256 + value] = value / spreads[c]!;
  }
  return { image: bytes, deviations: tables, width, channels };
}

/** The features of a run; its last point again up to the next multiple of 4, as that many are embedded at a time. */
function fillRun({ heap }: CrfModule, source: PointSource, features: number, from: number, count: number): void {
  const run = heap.floats(features, source.dimensions * RUN);
  source.fill(run, RUN, from, count);
  for (let k = 0; k < source.dimensions; k++) {
    for (let i = count; i % 4 !== 0; i++) run[k * RUN + i] = run[k * RUN + count - 1]!;
  }
}

/** The reference's phantom points: their vertices come last, and nothing else of them is kept. */
function locateOrigin(
  module: CrfModule,
  { dimensions: d }: PointSource,
  numbering: VertexNumbering,
  features: number,
  scratch: number[],
): void {
  const { heap } = module;
  const corners = (d + 1) * 4;
  const nowhere = heap.allocate(2 * corners + SLACK);
  scratch.push(nowhere);
  heap.floats(features, d * RUN).fill(0);
  numbering.reserve(d + 1);
  module.locate(numbering.state, features, RUN, 1, nowhere, nowhere + corners);
}
