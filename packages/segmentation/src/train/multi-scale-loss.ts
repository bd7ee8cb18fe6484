import { addN, maximum, type Scalar, type Tensor4D } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { resizeBilinear } from '@wsss/core/tensor';
import type { SegmentationNetwork } from '../segmentation-network';

/**
 * Lets a network see images at several sizes: the sum of the losses of the scores of every size, and of the largest of
 * them, position by position.
 *
 * @param forward Images to scores at the network's stride. Called once per scale; what is random in it is its own.
 * @param images Normalised, `[n, h, w, 3]`.
 * @param scales Sizes relative to that of the images.
 * @param loss Of scores at the size of the images.
 *
 * Source: Chen et al., DeepLab (TPAMI 2018), section 4.1, "Multi-scale inputs"; Chen et al., "Attention to scale", CVPR
 * 2016, section 3.3, for the supervision of every scale.
 */
export function multiScaleLoss(
  { alignCorners }: Pick<SegmentationNetwork, 'alignCorners'>,
  forward: (images: Tensor4D) => Tensor4D,
  images: Tensor4D,
  scales: readonly number[],
  loss: (scores: Tensor4D) => Scalar,
): Scalar {
  const [, h, w] = images.shape;
  const seen = scales.map((scale) => {
    const size = [Math.max(1, Math.round(h * scale)), Math.max(1, Math.round(w * scale))] as const;
    const smaller = size[0] === h && size[1] === w ? images : resizeBilinear(images, size, { alignCorners });
    return resizeBilinear(forward(smaller), [h, w], { alignCorners });
  });
  const largest = seen.reduce((a, b) => maximum(a, b));
  return addN([...seen, largest].map(loss)) as Scalar;
}

/** Refuses scales that the training has no use for. */
export function checkLossScales(where: string, scales: readonly number[], frozenUpTo: string | undefined): void {
  if (!(Array.isArray(scales) && scales.length >= 2 && scales.every((scale) => scale > 0 && Number.isFinite(scale)))) {
    throw new ValueError(where, 'lossScales', 'to be two or more positive numbers', scales);
  }
  if (frozenUpTo !== undefined) {
    const hint = 'The frozen part sees each crop once, at one size.';
    throw new ValueError(where, 'lossScales', 'to be left out where `frozenUpTo` is given', scales, hint);
  }
}
