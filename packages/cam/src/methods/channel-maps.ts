import { type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { finiteValues, type HostTensor, IMAGENET_PREPROCESS, type TensorLike, ValueError } from '@wsss/core';
import { finishMaps } from './finish-maps';
import type { CamMethodOptions, ProbedModel } from './probed-model';
import { activationsOf, normalizedImage, takeValues } from './run-model';
import { weightedSum } from './weighted-sum';

/** What the methods that try every channel take besides. */
export interface ChannelTrialOptions extends CamMethodOptions {
  /** How many channels are tried in one run of the model. @default 16 */
  readonly batch?: number;
}

/** A normalised photo `[1, h, w, 3]`, and what the layer gives for it. */
export interface ChannelTrials {
  readonly image: Tensor4D;
  readonly activations: Tensor4D;
}

/**
 * What the methods that try every channel share.
 *
 * @param trial The scores `[n, C]` for channels `first` … `first + n − 1`; called inside `tidy`.
 * @param weigh From the scores of all channels, and of the photo itself, for one class, to the channels' weights.
 */
export async function channelMaps(
  where: string,
  model: ProbedModel,
  image: TensorLike,
  { classes, layer, preprocess = IMAGENET_PREPROCESS, batch = 16 }: ChannelTrialOptions,
  trial: (given: ChannelTrials, first: number, n: number) => Tensor2D,
  weigh: (scores: Float64Array, whole: number) => Float64Array,
): Promise<HostTensor> {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new ValueError(where, 'batch', 'to be a whole number of at least 1', batch);
  }
  const x = await normalizedImage(where, image, preprocess);
  try {
    const { activations, scores } = activationsOf(where, model, x, layer, classes);
    try {
      const [, height, width, channels] = activations.shape;
      const values = await finiteValues(where, `output of '${layer}'`, activations);
      const C = scores.shape[1];
      const whole = await finiteValues(where, 'scores of the model', scores);
      const tried = new Float32Array(channels * C);
      for (let first = 0; first < channels; first += batch) {
        const n = Math.min(batch, channels - first);
        const given = { image: x, activations };
        tried.set(
          await takeValues(
            where,
            'scores of the model',
            tidy(() => trial(given, first, n)),
          ),
          first * C,
        );
      }
      const maps = classes.map((index) => {
        const ofClass = Float64Array.from({ length: channels }, (_, f) => tried[f * C + index - 1]!);
        return weightedSum(values, weigh(ofClass, whole[index - 1]!));
      });
      return finishMaps(maps, [height, width], [image.shape[0]!, image.shape[1]!]);
    } finally {
      activations.dispose();
      scores.dispose();
    }
  } finally {
    x.dispose();
  }
}
