import { ValueError } from '@wsss/core';
import { BACKGROUND_FACTOR } from './epsilon';

/** How the overlap of a cell's structure with a class's activation is measured; see `structureSeeds`. */
export type Overlap = 'product' | 'minimum';

/** What `structureSeeds` takes in both of its forms, besides tensors. */
export interface OverlapOptions {
  /** What the background's overlap is multiplied with, above 0. @default 0.5, SIPE's; other backbones want 0.7 to 1 */
  readonly backgroundFactor?: number;
  /** `'product'`, as the released code; `'minimum'`, as sets of degrees overlap. @default 'product' */
  readonly overlap?: Overlap;
}

/** The options with their defaults. */
export function checkOverlap(
  where: string,
  { backgroundFactor = BACKGROUND_FACTOR, overlap = 'product' }: OverlapOptions,
): Required<OverlapOptions> {
  if (!(backgroundFactor > 0 && Number.isFinite(backgroundFactor))) {
    throw new ValueError(where, 'backgroundFactor', 'to be positive', backgroundFactor);
  }
  if (overlap !== 'product' && overlap !== 'minimum') {
    throw new ValueError(where, 'overlap', "to be 'product' or 'minimum'", overlap);
  }
  return { backgroundFactor, overlap };
}

/**
 * Which channels take part in an argmax: the background, and those of the classes.
 *
 * @param classes Class indices from 1, which are the channels' numbers; `undefined` for all.
 * @returns 1 or 0 for each of the K channels.
 * @throws {ValueError} if an index has no channel or is there twice.
 */
export function takingPart(where: string, classes: readonly number[] | undefined, channels: number): Uint8Array {
  const part = new Uint8Array(channels).fill(classes === undefined ? 1 : 0);
  part[0] = 1;
  if (classes === undefined) return part;
  const known = (index: number) => Number.isInteger(index) && index >= 0 && index < channels;
  if (!Array.isArray(classes) || !classes.every(known) || new Set(classes).size !== classes.length) {
    const hint = 'Channel 0 is the background, which always takes part; class c is channel c.';
    throw new ValueError(where, 'classes', `to hold different class indices 1..${channels - 1}`, classes, hint);
  }
  for (const index of classes) part[index] = 1;
  return part;
}
