import { cast, type GradConfig, util, zeros } from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/run-kernel';
import { gradient } from './define';

/** Gathering by index: what was gathered twice gets both gradients. */
export const gatherGradient: GradConfig[] = [
  gradient<{ axis: number; batchDims: number }>(
    'GatherV2',
    { inputs: ['x', 'indices'] },
    (dy, [x, indices], { axis, batchDims = 0 }) => ({
      x: () =>
        runKernel(
          '_WsssGatherBackprop',
          { dy, indices: cast(indices!, 'int32') },
          { shape: x!.shape, axis: util.parseAxisParam(axis, x!.shape)[0]!, batchDims },
        ),
      indices: () => zeros(indices!.shape),
    }),
  ),
];
