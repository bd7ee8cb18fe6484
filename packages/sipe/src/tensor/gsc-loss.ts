import {
  abs,
  cast,
  greater,
  less,
  mean,
  mul,
  reshape,
  type Scalar,
  sub,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { floatTensor, type TensorInput, withGradient } from '@wsss/core/tensor';
import { checkBatch, checkExactly } from './check-batch';
import { byMaximum } from './image-specific-cam';

/**
 * General-specific consistency: the mean over all images, channels and cells of |A − IS / (max IS + 1e-5)|.
 *
 * Differentiable in both; where they are equal, the slope is 0, and that of the maximum goes to the first place that
 * has it, as torch.
 *
 * @param cam What `backgroundCam` returns, masked: `[h, w, K]` or `[n, h, w, K]`.
 * @param isCam What `imageSpecificCam` returns, before its normalisation, of the same shape.
 * @returns A scalar.
 * @throws {ShapeError} if shapes disagree.
 *
 * Source: Chen et al., SIPE (CVPR 2022), general-specific consistency.
 */
export function gscLoss(cam: TensorInput, isCam: TensorInput): Scalar {
  const where = 'gscLoss';
  const { n, h, w, C } = checkBatch(where, 'cam', cam.shape);
  checkExactly(where, 'isCam', isCam.shape, cam.shape, 'As `cam`.');
  return tidy(() => {
    const general = reshape(floatTensor(where, 'cam', cam), [n, h * w, C]);
    const specific = byMaximum(reshape(floatTensor(where, 'isCam', isCam), [n, h * w, C]));
    return mean(magnitude(sub(general, specific))) as Scalar;
  });
}

/** |x| with slope 0 at 0, which is −1 in TensorFlow.js. */
function magnitude(x: Tensor): Tensor {
  return withGradient(
    [x],
    ([values], save) => {
      save([values!]);
      return abs(values!);
    },
    (gradient, [values]) => [
      mul(gradient, sub(cast(greater(values!, 0), 'float32'), cast(less(values!, 0), 'float32'))),
    ],
  );
}
