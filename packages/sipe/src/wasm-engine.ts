import type { Engine } from './engine';
import { COSINE_EPSILON, EPSILON } from './epsilon';
import { startRows } from './helper-thread';
import { unitRows } from './kernels/cosines';
import { overlapRatio } from './kernels/overlap-ratio';
import { type PackedCells, packCells } from './pack-cells';
import { openMemory, type SipeMemory } from './wasm-module';

/** Panels of 8 cells that are worked on between two calls. */
const PANELS = 64;

/** Multiplications from which a second thread is worth its start and its copies. */
const WORTH_THREAD = 5e8;

/** WebAssembly with SIMD; `null` where it is missing or compiling is forbidden. */
export function wasmEngine(): Engine | null {
  const tried = openMemory();
  if (!tried) return null;
  tried.close();
  return { name: 'wasm', structureIou, cosines };
}

const structureIou: Engine['structureIou'] = async (features, cam, channels, { overlap, backgroundFactor }) => {
  const memory = openMemory()!;
  const cells = cam.length / channels;
  const packed = packCells(memory, features, cells, { epsilon: EPSILON, added: true });
  // Beside the channels stand ones, whose share is the sum of the structure.
  const vectors = Math.ceil((channels + 1) / 4);
  const stride = vectors * 4;
  const columns = memory.allocate(packed.cells * stride);
  const target = memory.allocate(packed.cells * stride);
  const ones = memory.floats(columns, packed.cells * stride);
  for (let i = 0; i < cells; i++) {
    for (let k = 0; k < channels; k++) ones[i * stride + k] = cam[i * channels + k]!;
    ones[i * stride + channels] = 1;
  }
  // Where no feature is negative, no cosine is cut off, and Σ_j S_ij M_jk = f_i · Σ_j f_j M_jk.
  if (overlap === 'product' && packed.least >= 0) exchange(memory, packed, vectors, columns, target);
  else await pairs(memory, packed, vectors, columns, target, overlap === 'minimum');
  const common = memory.floats(target, packed.cells * stride);
  const iou = overlapRatio(common, stride, cam, channels, backgroundFactor);
  memory.close();
  return iou;
};

const cosines: Engine['cosines'] = (features, prototypes, channels) => {
  const memory = openMemory()!;
  const cells = features.length / channels;
  const classes = prototypes.length / channels;
  const packed = packCells(memory, features, cells, { epsilon: COSINE_EPSILON, added: false });
  const vectors = Math.ceil(classes / 4);
  const stride = vectors * 4;
  const sums = memory.allocate(packed.F * stride);
  const target = memory.allocate(packed.cells * stride);
  const columns = memory.floats(sums, packed.F * stride);
  const units = unitRows(prototypes, channels, COSINE_EPSILON);
  for (let k = 0; k < classes; k++) {
    for (let f = 0; f < channels; f++) columns[f * stride + k] = units[k * channels + f]!;
  }
  project(memory, packed, vectors, sums, target);
  const likeness = memory.floats(target, packed.cells * stride);
  const out = new Float32Array(cells * classes);
  for (let i = 0, at = 0; i < cells; i++) {
    for (let k = 0; k < classes; k++) out[at++] = Math.max(0, likeness[i * stride + k]!);
  }
  memory.close();
  return out;
};

function exchange(memory: SipeMemory, packed: PackedCells, vectors: number, columns: number, target: number): void {
  const { panels, count, F } = packed;
  const sums = memory.allocate(F * vectors * 4);
  for (let p = 0; p < count; p += PANELS) {
    memory.exports.gather(panels, count, F, p, Math.min(count, p + PANELS), vectors, columns, sums);
  }
  project(memory, packed, vectors, sums, target);
}

function project(memory: SipeMemory, { panels, count, F }: PackedCells, vectors: number, sums: number, target: number) {
  for (let p = 0; p < count; p += PANELS) {
    memory.exports.project(panels, count, F, p, Math.min(count, p + PANELS), vectors, sums, target);
  }
}

/** All pairs of blocks; where there are many, every other row on a second thread. */
async function pairs(
  memory: SipeMemory,
  { panels, count, cells, F }: PackedCells,
  vectors: number,
  columns: number,
  target: number,
  minimum: boolean,
): Promise<void> {
  const tile = memory.allocate(64 * 64);
  const values = cells * vectors * 4;
  const run = (row: number) =>
    memory.exports.structureRow(panels, count, F, row, minimum ? 1 : 0, vectors, columns, target, tile);
  const rows = Array.from({ length: Math.ceil(count / 8) }, (_, row) => row);
  // Rows grow shorter: the first and the last of each four weigh as much as the two between.
  const theirs = rows.filter((row) => row % 4 === 0 || row % 4 === 3);
  const mine = rows.filter((row) => row % 4 === 1 || row % 4 === 2);
  const large = rows.length > 1 && (count * 8) ** 2 * F >= WORTH_THREAD;
  const helped = large
    ? startRows(memory.module, {
        panels: memory.floats(panels, count * 8 * F).slice(),
        columns: memory.floats(columns, values).slice(),
        ...{ count, F, vectors, minimum: minimum ? 1 : 0, rows: theirs },
      })
    : undefined;
  for (const row of mine) run(row);
  const sums = helped && (await helped);
  if (!sums) {
    for (const row of theirs) run(row);
    return;
  }
  const common = memory.floats(target, values);
  for (let i = 0; i < values; i++) common[i]! += sums[i]!;
}
