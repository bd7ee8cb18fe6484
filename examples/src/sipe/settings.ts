import { IRN_WALK, type IrnNetOptions, type IrnWalkOptions } from '@wsss/affinity';
import { IRN_TRAINING } from '@wsss/affinity/train';
import { mobilenetV2, type Network, resnet50 } from '@wsss/networks';
import { SIPE_RECIPE } from '@wsss/sipe/train';
import { type Augmentation, IRN_AFFINITY_AUGMENTATION } from '@wsss/train';

export type SipeNetworkName = 'resnet50' | 'mobilenetV2';

export interface SipeNetworks {
  /** Its classifier and side branches are SipeNet's. */
  readonly trunk: (options: { classes: number; seed: number }) => Network;
  /** Under IRN's two branches. */
  readonly irn: (options: { seed: number }) => Network;
  readonly irnTaps: IrnNetOptions['taps'];
  /** What the background's overlap is multiplied with. */
  readonly backgroundFactor: number;
}

export const SIPE_NETWORKS: Readonly<Record<SipeNetworkName, SipeNetworks>> = {
  resnet50: {
    trunk: resnet50,
    irn: (options) => resnet50({ ...options, frozen: true }),
    irnTaps: undefined,
    backgroundFactor: 0.5,
  },
  // Not of the paper: small enough to see the recipe at work on a laptop.
  mobilenetV2: {
    trunk: ({ seed }) => mobilenetV2({ seed, outputStride: 16, frozen: 10 }),
    irn: (options) => mobilenetV2({ ...options, outputStride: 16, frozen: true }),
    irnTaps: ['features.2', 'features.3', 'features.6', 'features.13', 'features.18'],
    backgroundFactor: 0.9,
  },
};

type Cropped = Augmentation & { readonly crop: number };

/** Every number of the recipe. */
export interface SipeSettings {
  readonly recipe: Omit<typeof SIPE_RECIPE, 'augmentation' | 'batchSize' | 'epochs'> & {
    readonly augmentation: Augmentation;
    readonly batchSize: number;
    readonly epochs: number;
  };
  readonly scales: readonly number[];
  readonly irn: Omit<typeof IRN_TRAINING, 'batchSize' | 'epochs'> & {
    readonly batchSize: number;
    readonly epochs: number;
  };
  readonly irnAugmentation: Cropped;
  /** Photos are padded to so many pixels before boundaries are looked for. */
  readonly irnSide: number;
  /** Exponent of the maps before the walk. */
  readonly power: number;
  readonly walk: IrnWalkOptions;
}

/** The settings of the released scripts. */
export const SIPE_SETTINGS: SipeSettings = {
  recipe: SIPE_RECIPE,
  scales: [1, 0.5, 1.5, 2],
  irn: IRN_TRAINING,
  irnAugmentation: IRN_AFFINITY_AUGMENTATION as Cropped,
  irnSide: 512,
  power: 1.5,
  walk: IRN_WALK,
};

/** As small as it can be, to see that every step runs. */
export const DRY_SIPE_SETTINGS: SipeSettings = {
  ...SIPE_SETTINGS,
  recipe: {
    ...SIPE_SETTINGS.recipe,
    batchSize: 2,
    epochs: 1,
    augmentation: { ...SIPE_SETTINGS.recipe.augmentation, longSide: [64, 96], crop: 64 },
  },
  scales: [0.25, 0.2],
  irn: { ...SIPE_SETTINGS.irn, batchSize: 2, epochs: 1 },
  // Pairs of radius 10 need 19 cells of 4 pixels.
  irnAugmentation: { ...SIPE_SETTINGS.irnAugmentation, crop: 80 },
  irnSide: 64,
};
