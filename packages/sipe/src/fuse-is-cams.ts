import { type HostTensor, hostTensor, matchShape, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { resizeBilinear } from '@wsss/core/kernels';
import { hostMap } from './check-map';
import { EPSILON } from './epsilon';
import { divideByMaximum } from './kernels/divide-by-maximum';

/**
 * Makes one image-specific map of those of several scales: each is resized (bilinear, half-pixel centres), all are
 * added, and each channel, the background's too, is divided by its maximum + 1e-5.
 *
 * @param maps `[h', w', K]` each, none of their values negative.
 * @param options.size `[h, w]` of the result: the photo's.
 * @returns `[h, w, K]` in [0, 1). The highest channel of a pixel is its class: there is no threshold.
 * @throws {ShapeError} if ranks or channels differ, or `size` is no size.
 * @throws {ValueError} if there is no map, or a value is NaN or infinite.
 *
 * Source: SIPE's `make_cam.py`.
 */
export async function fuseIsCams(
  maps: readonly TensorLike[],
  { size }: { size: readonly [number, number] },
): Promise<HostTensor> {
  const where = 'fuseIsCams';
  if (!Array.isArray(maps) || maps.length === 0) throw new ValueError(where, 'maps', 'to hold at least one map', maps);
  if (size?.length !== 2 || !size.every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new ShapeError(where, 'size', '[h, w] of whole numbers above 0', size);
  }
  const { K } = matchShape(where, 'maps[0]', maps[0]!.shape, ['h', 'w', 'K']) as { K: number };
  const [height, width] = size;
  const sum = new Float32Array(height * width * K);
  for (const [i, map] of (maps as readonly TensorLike[]).entries()) {
    const { values, h, w } = await hostMap(where, `maps[${i}]`, map, 'K', { K });
    const enlarged = resizeBilinear(values, [h, w, K], [height, width], false);
    for (let at = 0; at < sum.length; at++) sum[at]! += enlarged[at]!;
  }
  divideByMaximum(sum, K, EPSILON);
  return hostTensor(sum, [height, width, K]);
}
