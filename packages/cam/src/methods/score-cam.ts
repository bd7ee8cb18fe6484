import { add, cast, div, equal, max, min, mul, slice, sub, type Tensor4D, transpose } from '@tensorflow/tfjs-core';
import type { HostTensor, TensorLike } from '@wsss/core';
import { resizeBilinear } from '@wsss/core/tensor';
import { type ChannelTrialOptions, channelMaps } from './channel-maps';
import type { ProbedModel } from './probed-model';
import { scoresOf } from './run-model';

/**
 * Score-CAM: each channel, enlarged and brought to 0..1, masks the normalised photo; the channels are weighed by the
 * softmax over the channels of the scores that the masked photos get. No gradients; the model runs once per channel.
 *
 * @param model Any network written as a function; see {@link ProbedModel}. Called with batches.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]`, the positive part at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if a class or the layer is unknown, an option is out of range, or a value is not finite.
 *
 * Source: Wang et al., "Score-CAM" (CVPR Workshops 2020), algorithm 1. Masks are enlarged with aligned corners.
 */
export function scoreCam(model: ProbedModel, image: TensorLike, options: ChannelTrialOptions): Promise<HostTensor> {
  const where = 'scoreCam';
  const [h, w] = image.shape as [number, number];
  return channelMaps(
    where,
    model,
    image,
    options,
    ({ image: x, activations }, first, n) => {
      const [, height, width] = activations.shape;
      // Channels become a batch: [n, h', w', 1].
      const channels = transpose(slice(activations, [0, 0, 0, first], [1, height, width, n]), [3, 1, 2, 0]) as Tensor4D;
      const masks = overRange(resizeBilinear(channels, [h, w], { alignCorners: true }) as Tensor4D);
      return scoresOf(where, model, mul(x, masks) as Tensor4D, options.classes, (_, output) => output);
    },
    softmax,
  );
}

/** Each image of a batch brought to 0..1; a constant one becomes 0. */
function overRange(images: Tensor4D): Tensor4D {
  const low = min(images, [1, 2, 3], true);
  const range = sub(max(images, [1, 2, 3], true), low);
  // Where the range is 0, so is what is divided by it.
  return div(sub(images, low), add(range, cast(equal(range, 0), 'float32')));
}

function softmax(scores: Float64Array): Float64Array {
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
