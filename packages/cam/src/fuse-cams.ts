import {
  finiteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { resizeBilinear } from '@wsss/core/kernels';
import { normalizeCam } from './kernels/normalize-cam';

/** Whose way to make one map of several scales; see {@link fuseCams}. */
export type CamFusion = 'psa' | 'irn' | 'sipe';

export interface FuseCamsOptions {
  /** Size of the result, `[h, w]`: the photo's. */
  readonly size: readonly [number, number];
  /** @default 'psa' */
  readonly fusion?: CamFusion;
}

/** What keeps the divisor from 0, in all three papers' code. */
const EPSILON = 1e-5;
/** IRN enlarges to whole cells of this many pixels, and cuts. */
const IRN_STRIDE = 16;

/**
 * Makes one map of the maps of several scales: each is enlarged bilinearly (half-pixel centres), all are added, and each
 * channel is divided by its maximum + 1e-5.
 * - `'psa'` enlarges to the photo's size;
 * - `'irn'` enlarges to the next multiples of 16 and cuts the photo's size out of the upper left;
 * - `'sipe'` divides each scale's map by its own maximum + 1e-5 first, then goes on as `'psa'`.
 *
 * @param maps One `[h', w', C]` per scale, mirrored ones already mirrored back; in any order.
 * @returns `[h, w, C]` in [0, 1). Without a positive value, a channel is 0.
 * @throws {ShapeError} if a map has another rank or other channels, or `size` is no size.
 * @throws {ValueError} if there is no map, a value is not finite, or the fusion is unknown.
 *
 * Source: PSA's `infer_cls.py`, IRN's `make_cam.py`, SIPE's class `CAM` and `make_cam.py`.
 */
export async function fuseCams(
  maps: readonly TensorLike[],
  { size, fusion = 'psa' }: FuseCamsOptions,
): Promise<HostTensor> {
  const where = 'fuseCams';
  checkFusion(where, fusion);
  if (size?.length !== 2 || !size.every((n) => Number.isSafeInteger(n) && n > 0)) {
    throw new ShapeError(where, 'size', '[h, w] of whole numbers above 0', size);
  }
  if (maps.length === 0) throw new ValueError(where, 'maps', 'to hold at least one map', maps);
  const [height, width] = size;
  const grid: [number, number] = fusion === 'irn' ? [wholeCells(height), wholeCells(width)] : [height, width];
  const { C } = matchShape(where, 'maps[0]', maps[0]!.shape, ['h', 'w', 'C']);
  const sum = new Float32Array(height * width * C);
  for (const [i, map] of maps.entries()) {
    const { h, w } = matchShape(where, `maps[${i}]`, map.shape, ['h', 'w', 'C'], { C });
    if (h * w * C === 0) throw new ShapeError(where, `maps[${i}]`, 'to have cells and channels', map.shape);
    let values = await finiteValues(where, `maps[${i}]`, map);
    if (fusion === 'sipe') {
      values = values.slice();
      normalizeCam(values, C, 'max', EPSILON);
    }
    addCut(sum, resizeBilinear(values, [h, w, C], grid, false), width * C, grid[1] * C);
  }
  normalizeCam(sum, C, 'max', EPSILON);
  return hostTensor(sum, [height, width, C]);
}

export function checkFusion(where: string, fusion: CamFusion): void {
  if (!['psa', 'irn', 'sipe'].includes(fusion)) {
    throw new ValueError(where, 'fusion', "to be 'psa', 'irn' or 'sipe'", fusion);
  }
}

function wholeCells(length: number): number {
  return Math.ceil(length / IRN_STRIDE) * IRN_STRIDE;
}

/** Adds the upper left part of `values`, whose rows are `stride` long, to rows of `row` values. */
function addCut(sum: Float32Array, values: Float32Array, row: number, stride: number): void {
  for (let start = 0, from = 0; start < sum.length; start += row, from += stride) {
    for (let i = 0; i < row; i++) sum[start + i]! += values[from + i]!;
  }
}
