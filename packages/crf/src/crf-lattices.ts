import { matchShape, type TensorLike } from '@wsss/core';
import { checkPreset } from './check-preset';
import type { EngineName } from './choose-engine';
import { Lattice } from './lattice';
import type { CrfPreset } from './presets';

/** The lattices of one image, for several runs with the same deviations. */
export interface CrfLattices {
  readonly gaussian?: Lattice;
  readonly bilateral?: Lattice;
  dispose(): void;
}

/**
 * Builds the lattices that {@link crf} and {@link crfFromLabels} need for an image, once: PSA runs two CRFs on each
 * photo, IRN and SIPE start from two label maps.
 *
 * @param image `[h, w, channels]`, 0..255.
 */
export async function crfLattices(
  image: TensorLike,
  preset: CrfPreset,
  { engine, threads, signal }: { engine?: EngineName; threads?: number; signal?: AbortSignal } = {},
): Promise<CrfLattices> {
  const { h, w } = matchShape('crfLattices', 'image', image.shape, ['h', 'w', 'channels']);
  checkPreset('crfLattices', preset);
  signal?.throwIfAborted();
  const { compatibility } = preset;
  const gaussian =
    preset.gaussian &&
    Lattice.gaussian(h, w, { compatibility, engine, threads, sdims: shrunk(preset.gaussian.sdims, preset) });
  const bilateral =
    preset.bilateral &&
    (await Lattice.bilateral(image, {
      compatibility,
      engine,
      threads,
      sdims: shrunk(preset.bilateral.sdims, preset),
      schan: preset.bilateral.schan,
    }));
  return {
    gaussian,
    bilateral,
    dispose() {
      gaussian?.dispose();
      bilateral?.dispose();
    },
  };
}

/** Spatial deviations for an image that was shrunk by the preset's factor. */
export function shrunk(sdims: number | readonly number[], { scaleFactor = 1 }: CrfPreset): number | number[] {
  return typeof sdims === 'number' ? sdims / scaleFactor : sdims.map((s) => s / scaleFactor);
}
