import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { accelerate } from './accelerate';
import { convolve } from './convolve';
import { filterGradient } from './filter-gradient';
import { type FusedExtras, type FusedFinish, fusedFinish } from './fused-finish';
import type { SimdModule } from './simd-module';
import type { Window } from './window';

interface Factors {
  a: TensorInfo;
  b: TensorInfo;
}

interface FusedFactors extends Factors, FusedExtras {}

interface Flags {
  transposeA: boolean;
  transposeB: boolean;
}

/** Below this many products a matrix, the stock loop over a batch is faster than a call for each. */
const FEW = 2 ** 13;

/** Of so few rows the stock kernel makes a product faster: it keeps the right factor packed. */
const FEW_ROWS = 8;

/** Matrix products, of batches too; two transposed factors at once are not for us. */
export const simdMatMul = accelerate<Factors, Flags>((module, factors, flags) => multiply(module, factors, flags));

/** The same with a bias for each column, and an activation that is a bound. */
export const simdFusedMatMul = accelerate<FusedFactors, Flags & { activation?: string }>((module, factors, flags) => {
  const columns = factors.b.shape.at(flags.transposeB ? -2 : -1)!;
  const finish = fusedFinish(factors, flags.activation, columns);
  // What follows a sum over rows is not told to it.
  if (!finish || flags.transposeA) return undefined;
  return multiply(module, factors, flags, finish);
});

function multiply(
  module: SimdModule,
  { a, b }: Factors,
  { transposeA, transposeB }: Flags,
  finish?: FusedFinish,
): TensorInfo | undefined {
  if (transposeA && transposeB) return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = b.shape.at(transposeB ? -2 : -1)!;
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [countA, countB] = [util.sizeFromShape(batchA), util.sizeFromShape(batchB)];
  const count = Math.max(countA, countB);
  // Batches of a grid that are repeated along some of its axes only.
  if (Math.min(countA, countB) > 1 && batchA.join() !== batchB.join()) return undefined;
  if (count > 1 && m * k * n < FEW && !(countB === 1 && !transposeA)) return undefined;
  if (count === 1 && m <= FEW_ROWS && !transposeA && !transposeB) return undefined;
  const out = module.output([...broadcast_util.assertAndGetBroadcastShape(batchA, batchB), m, n]);
  const [atA, atB, to] = [a, b, out].map((tensor) => module.address(tensor)) as [number, number, number];
  const end = finish?.during(module);
  const product = (rows: number, i: number) => {
    const left = atA + (countA === 1 ? 0 : i * m * k * 4);
    const right = atB + (countB === 1 ? 0 : i * k * n * 4);
    const target = to + i * m * n * 4;
    if (transposeA) {
      filterGradient(module, rowsWindow(k, m), left, right, n, target);
    } else {
      const filter = { address: right, transposed: transposeB, taps: [0] };
      const row = { address: target, channels: n, column: n * 4, row: 0, image: 0 };
      convolve(module, rowsWindow(rows, k), left, filter, row, end);
    }
  };
  // A batch of left factors of one right factor is one tall factor.
  if (countB === 1 && !transposeA) product(m * count, 0);
  else for (let i = 0; i < count; i++) product(m, i);
  finish?.after(module, out);
  return out;
}

/** The rows of a matrix as pixels of one row. */
function rowsWindow(rows: number, columns: number): Window {
  return {
    ...{ batch: 1, height: 1, width: rows, channels: columns },
    ...{ rows: 1, columns: rows, rowStep: 1, columnStep: 1, span: 1 },
    offsets: [[0, 0]],
  };
}
