import type { SipeMemory } from './wasm-module';

/** Features in the memory of the module, as assembly/index.ts packs them. */
export interface PackedCells {
  readonly panels: number;
  /** Panels of 8 cells. */
  readonly count: number;
  /** Cells with those that fill up the last block of 64. */
  readonly cells: number;
  /** Features, with a zero that makes them an even number. */
  readonly F: number;
  /** The smallest value. */
  readonly least: number;
}

/** Cells that are copied at a time. */
const STAGED = 64;

/** Copies features `[cells, F]` into the memory, each cell divided by its norm (+ ε, or at least ε). */
export function packCells(
  memory: SipeMemory,
  features: Float32Array,
  cells: number,
  { epsilon, added }: { epsilon: number; added: boolean },
): PackedCells {
  const given = features.length / cells;
  const F = given + (given % 2);
  const count = Math.ceil(cells / 8);
  const panels = memory.allocate(count * 8 * F);
  const staging = memory.allocate(STAGED * F);
  const stats = memory.allocate(2);
  for (let from = 0; from < cells; from += STAGED) {
    const some = Math.min(STAGED, cells - from);
    const rows = memory.floats(staging, STAGED * F);
    if (F === given) rows.set(features.subarray(from * F, (from + some) * F));
    else for (let i = 0; i < some; i++) rows.set(features.subarray((from + i) * given, (from + i + 1) * given), i * F);
    memory.exports.pack(staging, some, F, panels, count, from / 8, epsilon, added ? 1 : 0, stats);
  }
  return { panels, count, cells: Math.ceil(cells / STAGED) * STAGED, F, least: memory.floats(stats, 1)[0]! };
}
