import { WALK_WASM } from './generated/walk-wasm';
import type { PlaneSet, WalkEngine } from './kernels/walk-engine';
import type { WalkPlan } from './kernels/walk-plan';

type Walk = (
  maps: number,
  plan: number,
  current: number,
  next: number,
  sum: number,
  scale: number,
  before: number,
  share: number,
) => void;

interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly walk: Walk;
}

/** Memory that is kept for the next walk; more than this is given back. */
const KEPT = 32 * 2 ** 20;
const PAGE = 65536;
/** Bytes before the plan's arrays: the plan itself. */
const HEADER = 64;

let module: WebAssembly.Module | null | undefined;
let kept: Instance | undefined;

/** WebAssembly with SIMD; `null` where it is missing or compiling is forbidden. */
export function wasmEngine(): WalkEngine | null {
  if (module === undefined) {
    try {
      module = new WebAssembly.Module(Uint8Array.from(atob(WALK_WASM), (char) => char.charCodeAt(0)));
      kept = instantiate(1);
    } catch {
      // No SIMD, or a content-security policy without 'wasm-unsafe-eval': the plain engine gives the same bits.
      module = null;
    }
  }
  return module ? { name: 'wasm', maps: 4, run } : null;
}

function instantiate(pages: number): Instance {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
  const { exports } = new WebAssembly.Instance(module!, { env: { memory } });
  return { memory, walk: exports.walk as Walk };
}

const run: WalkEngine['run'] = (plan, runs) => {
  const most = runs.reduce((max, { maps }) => Math.max(max, maps), 0);
  const layout = layOut(plan, most);
  // Taken while in use; a walk inside of a walk gets its own.
  const instance = kept ?? instantiate(1);
  kept = undefined;
  const { memory, walk } = instance;
  const missing = layout.end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  fill(memory, plan, layout);
  const first = (set: PlaneSet) => layout.planes + set * most * layout.plane + plan.margin * 8;
  for (const { maps, walk: go } of runs) {
    new Uint8Array(memory.buffer, layout.planes, layout.end - layout.planes).fill(0);
    go({
      cells: (set, map) => new Float64Array(memory.buffer, first(set) + map * layout.plane, plan.cells),
      step: (from, scale, before, share) =>
        walk(maps, 0, first(from), first(from === 0 ? 1 : 0), first(2), scale, before, share),
    });
  }
  if (memory.buffer.byteLength <= KEPT) kept = instance;
};

interface Layout {
  readonly distances: number;
  readonly weights: number;
  readonly inverse: number;
  readonly planes: number;
  /** Bytes of a plane. */
  readonly plane: number;
  readonly end: number;
}

function layOut({ distances, weights, inverse, margin }: WalkPlan, maps: number): Layout {
  const aligned = (bytes: number) => Math.ceil(bytes / 16) * 16;
  const weightsAt = HEADER + aligned(distances.byteLength);
  const inverseAt = weightsAt + aligned(weights.byteLength);
  const planes = inverseAt + aligned(inverse.byteLength);
  // A few cells apart from a power of two, so that the maps do not fall on the same lines of the cache.
  const plane = aligned((2 * margin + inverse.length) * 8) + 192;
  return { distances: HEADER, weights: weightsAt, inverse: inverseAt, planes, plane, end: planes + 3 * maps * plane };
}

function fill({ buffer }: WebAssembly.Memory, plan: WalkPlan, layout: Layout): void {
  const { distances, weights, inverse } = plan;
  new Int32Array(buffer, layout.distances, distances.length).set(distances.map((distance) => distance * 8));
  new Float32Array(buffer, layout.weights, weights.length).set(weights);
  new Float64Array(buffer, layout.inverse, inverse.length).set(inverse);
  new Uint32Array(buffer, 0, 6).set([
    plan.cells,
    distances.length,
    layout.distances,
    layout.weights,
    layout.inverse,
    layout.plane,
  ]);
}
