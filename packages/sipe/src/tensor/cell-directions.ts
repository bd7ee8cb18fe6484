import { reshape, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { l2Normalize } from '@wsss/core/tensor';
import { EPSILON } from '../epsilon';
import type { BatchSizes } from './check-batch';

/** Each cell's feature vector divided by its norm + 1e-5: `[n, h·w, F]`. Call it inside `tidy`. */
export function cellDirections(features: Tensor, { n, h, w, C }: BatchSizes): Tensor3D {
  const rows = reshape(features, [n, h * w, C]);
  return l2Normalize(rows, { epsilon: EPSILON, denominator: 'sum' }) as Tensor3D;
}
