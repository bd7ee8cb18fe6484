import { type HostTensor, hostTensor, matchShape, ShapeError, type TensorLike } from '@wsss/core';
import { finiteFloats, hostMap, mapSizes } from './check-map';
import { chooseEngine, type EngineName } from './choose-engine';
import { EPSILON } from './epsilon';
import { divideByMaximum } from './kernels/divide-by-maximum';

export interface ImageSpecificCamOptions {
  /** Divides each channel by its maximum + 1e-5, as in the consistency loss. @default false */
  readonly normalize?: boolean;
  /** @default WebAssembly where it runs */
  readonly engine?: EngineName;
}

/**
 * Image-specific class activation maps: how alike each cell and each class's prototype are,
 * IS_ki = max(0, cos(F_i, p_k)).
 *
 * @param features `[h, w, F]`.
 * @param prototypes `[K, F]`; one of zeros (a class without a seed) gives zeros.
 * @returns In [0, 1], `[h, w, K]`.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if a value is NaN or infinite.
 * @throws {BackendError} if WebAssembly is asked for and does not run.
 *
 * Source: Chen et al., SIPE (CVPR 2022), IS-CAM; torch 1.13's cosine, norms of at least 1e-8.
 */
export async function imageSpecificCam(
  features: TensorLike,
  prototypes: TensorLike,
  { normalize = false, engine }: ImageSpecificCamOptions = {},
): Promise<HostTensor> {
  const where = 'imageSpecificCam';
  const { cosines } = chooseEngine(where, engine);
  const { h, w, C: F } = mapSizes(where, 'features', features, 'F');
  const { K } = matchShape(where, 'prototypes', prototypes?.shape, ['K', 'F'], { F }) as { K: number };
  if (K === 0) throw new ShapeError(where, 'prototypes', 'to hold at least one', prototypes.shape);
  const { values } = await hostMap(where, 'features', features, 'F');
  const maps = cosines(values, await finiteFloats(where, 'prototypes', prototypes), F);
  if (normalize) divideByMaximum(maps, K, EPSILON);
  return hostTensor(maps, [h, w, K]);
}
