import type { RungSlug } from '../voc/rungs';

/** One way to train the network. */
export interface Variant {
  readonly epochs: number;
  /** It learns the masks of the first, but for the pixels where another has another label. */
  readonly masks: readonly RungSlug[];
}

/** Every fourth photo is held out. */
export const HELD_OUT = 4;

/** Cheapest first. */
export const VARIANTS: readonly Variant[] = [
  { epochs: 8, masks: ['walk-crf'] },
  { epochs: 8, masks: ['walk-crf', 'walk'] },
  { epochs: 16, masks: ['walk-crf'] },
  { epochs: 16, masks: ['walk-crf', 'walk'] },
  { epochs: 16, masks: ['walk-crf', 'walk', 'is-cam-crf'] },
  { epochs: 32, masks: ['walk-crf'] },
];

/** Sizes at which the trained network sees a photo, each with its mirror image. */
export const SIZES: readonly (readonly number[])[] = [[1], [0.75, 1, 1.25]];
