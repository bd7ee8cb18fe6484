import { mul, oneHot, range, reshape, sub, type Tensor4D, tile } from '@tensorflow/tfjs-core';
import type { HostTensor, TensorLike } from '@wsss/core';
import { type ChannelTrialOptions, channelMaps } from './channel-maps';
import type { ProbedModel } from './probed-model';
import { scoresOf } from './run-model';

/**
 * Ablation-CAM: channels weighed by how much of the score y is lost without them, w_f = (y − y_f) / y, where y_f is the
 * score with channel f set to 0. No gradients; the model runs once per channel.
 *
 * As in the paper, a negative score turns the signs around, so ask for classes that the model sees. Where y is 0 the
 * loss itself is taken.
 *
 * @param model Any network written as a function; see {@link ProbedModel}. Called with batches.
 * @param image RGB in 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length]`, the positive part at the size of the photo, each map divided by its maximum.
 * @throws {ShapeError} if the image, the scores or the layer have another shape.
 * @throws {ValueError} if a class or the layer is unknown, an option is out of range, or a value is not finite.
 *
 * Source: Desai & Ramaswamy, "Ablation-CAM" (WACV 2020).
 */
export function ablationCam(model: ProbedModel, image: TensorLike, options: ChannelTrialOptions): Promise<HostTensor> {
  const where = 'ablationCam';
  return channelMaps(
    where,
    model,
    image,
    options,
    ({ image: x, activations }, first, n) => {
      const F = activations.shape[3];
      const without = reshape(sub(1, oneHot(range(first, first + n, 1, 'int32'), F)), [n, 1, 1, F]);
      const ablated = mul(activations, without) as Tensor4D;
      return scoresOf(where, model, tile(x, [n, 1, 1, 1]), options.classes, (name, output) =>
        name === options.layer ? ablated : output,
      );
    },
    (scores, whole) => scores.map((score) => (whole - score) / (whole === 0 ? 1 : whole)),
  );
}
