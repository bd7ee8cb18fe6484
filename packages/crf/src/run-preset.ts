import { type HostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import { checkPreset } from './check-preset';
import { chooseEngine, type EngineName } from './choose-engine';
import { type CrfLattices, shrunk } from './crf-lattices';
import { DenseCrf, type InferOptions } from './dense-crf';
import { memoryNeed } from './memory-need';
import type { CrfPreset } from './presets';
import { runReduced } from './run-reduced';

export interface CrfRunOptions extends InferOptions {
  /** Lattices made before by `crfLattices` from the same image and preset; they stay the caller's to dispose. */
  readonly lattices?: CrfLattices;
  /** @default 'wasm' where it runs, else 'plain' */
  readonly engine?: EngineName;
  /** Threads to use at most. @default all processors */
  readonly threads?: number;
  /**
   * Size at which all iterations but the last work, 0 < scale ≤ 1: faster and rougher. In the last one the pixels of
   * the full image take their messages from the small one's. Cannot be combined with `lattices`.
   * @default 1
   */
  readonly scale?: number;
}

/**
 * What can be known to be wrong before any work.
 *
 * @param shape `[h, w, K]` of what is refined.
 */
export function checkRun(
  where: string,
  image: TensorLike,
  shape: readonly [number, number, number],
  preset: CrfPreset,
  { scale = 1, lattices, engine }: CrfRunOptions,
): void {
  const [h, w, K] = shape;
  const hint = 'The image and what is refined must have the same size.';
  const { channels } = matchShape(where, 'image', image.shape, ['h', 'w', 'channels'], { h, w }, hint);
  checkPreset(where, preset);
  if (!(scale > 0 && scale <= 1)) throw new ValueError(where, 'scale', 'to be above 0 and at most 1', scale);
  if (scale < 1 && lattices) {
    const remedy = 'Lattices are made for the full image; leave one of the two out.';
    throw new ValueError(where, 'lattices', 'to be absent where `scale` is below 1', lattices, remedy);
  }
  const { gaussian, bilateral } = preset;
  const points = h * w + (scale < 1 ? Math.round(h * scale) * Math.round(w * scale) : 0);
  const terms = [
    ...(gaussian ? [{ dimensions: 2, built: lattices?.gaussian !== undefined }] : []),
    ...(bilateral ? [{ dimensions: 2 + channels, built: lattices?.bilateral !== undefined }] : []),
  ];
  const purpose = `Probabilities ${shape.join(' × ')} and their lattices`;
  chooseEngine(engine).require(memoryNeed({ points, classes: K, terms }), purpose);
}

/** One run of a preset's CRF on unary costs `[h, w, K]`; see {@link checkRun}. */
export async function runPreset(
  where: string,
  image: TensorLike,
  unary: HostTensor,
  preset: CrfPreset,
  { scale = 1, ...options }: CrfRunOptions,
): Promise<HostTensor> {
  if (scale < 1 && preset.iterations > 0) return runReduced(where, image, unary, preset, { scale, ...options });
  const [height, width, classes] = unary.shape as [number, number, number];
  const { lattices, engine, threads, ...infer } = options;
  const { compatibility, gaussian, bilateral } = preset;
  const field = new DenseCrf({ height, width, classes, compatibility, engine, threads }).setUnary(unary);
  try {
    if (gaussian)
      field.addGaussian({ ...gaussian, sdims: shrunk(gaussian.sdims, preset), lattice: lattices?.gaussian });
    if (bilateral) {
      field.addBilateral({ ...bilateral, image, sdims: shrunk(bilateral.sdims, preset), lattice: lattices?.bilateral });
    }
    return await field.infer(preset.iterations, infer);
  } finally {
    field.dispose();
  }
}
