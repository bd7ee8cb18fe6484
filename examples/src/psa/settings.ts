import { type AffinityHeadName, PSA_WALK, type RandomWalkOptions } from '@wsss/affinity';
import { type AffinitySchedule, PSA_AFFINITY_TRAINING, PSA_RESNET38_AFFINITY_TRAINING } from '@wsss/affinity/train';
import { mobilenetV2, type Network, resnet38d, vgg16 } from '@wsss/networks';
import { type Augmentation, PSA_AFFINITY_AUGMENTATION, PSA_CLASSIFIER_AUGMENTATION } from '@wsss/train';

export type PsaNetworkName = 'resnet38d' | 'vgg16' | 'mobilenetV2';

/** The two networks of PSA on one trunk. */
export interface PsaNetworks {
  readonly classifier: (options: { classes: number; seed: number }) => Network;
  readonly affinity: (options: { seed: number }) => Network;
  readonly head: AffinityHeadName;
}

export const PSA_NETWORKS: Readonly<Record<PsaNetworkName, PsaNetworks>> = {
  resnet38d: { classifier: resnet38d, affinity: resnet38d, head: 'resnet38d' },
  // fc6 is dilated under AffinityNet, and not under the classifier.
  vgg16: { classifier: vgg16, affinity: (options) => vgg16({ ...options, fc6Dilation: 4 }), head: 'vgg16' },
  // Not of the paper: small enough to see the recipe at work on a laptop.
  mobilenetV2: {
    classifier: (options) => mobilenetV2({ ...options, outputStride: 16 }),
    affinity: (options) => mobilenetV2({ ...options, outputStride: 16 }),
    head: 'mobilenetV2',
  },
};

type Cropped = Augmentation & { readonly crop: number };

/** Every number of the recipe. */
export interface PsaSettings {
  readonly classifier: {
    readonly augmentation: Cropped;
    readonly batchSize: number;
    readonly epochs: number;
    readonly learningRate: number;
    readonly weightDecay: number;
  };
  readonly scales: readonly number[];
  /** Of the score of the maps: a pixel below it in all of them is background. */
  readonly threshold: number;
  /** Exponents of the background: before the first and the second CRF. */
  readonly alphas: readonly [low: number, high: number];
  readonly affinity: AffinitySchedule;
  readonly affinityAugmentation: Cropped;
  /** Exponent of the background before the walk. */
  readonly walkAlpha: number;
  readonly walk: RandomWalkOptions;
}

/**
 * The settings of the released scripts, with the exponents 4, 16 and 32 of its README (the paper's were 4, 16 and 24).
 * The learning rate of 0.1 is for VGG16; ResNet-38 takes a tenth, as its author's users and SEAM do.
 */
export function psaSettings(network: PsaNetworkName): PsaSettings {
  const large = network === 'resnet38d';
  return {
    classifier: {
      augmentation: PSA_CLASSIFIER_AUGMENTATION as Cropped,
      batchSize: 16,
      epochs: 15,
      learningRate: large ? 0.01 : 0.1,
      weightDecay: 5e-4,
    },
    scales: [1, 0.5, 1.5, 2],
    threshold: 0.2,
    alphas: [4, 32],
    affinity: large ? PSA_RESNET38_AFFINITY_TRAINING : PSA_AFFINITY_TRAINING,
    affinityAugmentation: PSA_AFFINITY_AUGMENTATION as Cropped,
    walkAlpha: 16,
    walk: PSA_WALK,
  };
}

/** As small as it can be, to see that every step runs. */
export function dryPsa(settings: PsaSettings): PsaSettings {
  const small = <T extends object>(part: T) => ({ ...part, batchSize: 2, epochs: 1 });
  return {
    ...settings,
    classifier: {
      ...small(settings.classifier),
      augmentation: { ...settings.classifier.augmentation, longSide: [64, 96], crop: 64 },
    },
    scales: [0.25, 0.2],
    affinity: small(settings.affinity),
    // Pairs of radius 5 need 9 cells.
    affinityAugmentation: { ...settings.affinityAugmentation, crop: 80 },
  };
}
