import { type HostTensor, matchShape, type TensorLike, ValueError } from '@wsss/core';
import type { EngineName } from './choose-engine';
import { type CrfLattices, shrunk } from './crf-lattices';
import { DenseCrf, type InferOptions } from './dense-crf';
import type { CrfPreset } from './presets';

export interface CrfRunOptions extends InferOptions {
  /** Lattices made before by `crfLattices` from the same image and preset; they stay the caller's to dispose. */
  readonly lattices?: CrfLattices;
  /** @default 'wasm' where it runs, else 'plain' */
  readonly engine?: EngineName;
  /** Threads to use at most. @default all processors */
  readonly threads?: number;
}

/** One run of a preset's CRF on unary costs `[h, w, K]`. */
export async function runPreset(
  where: string,
  image: TensorLike,
  unary: HostTensor,
  preset: CrfPreset,
  { lattices, engine, threads, ...infer }: CrfRunOptions,
): Promise<HostTensor> {
  const [height, width, classes] = unary.shape as [number, number, number];
  const hint = 'The image and what is refined must have the same size.';
  matchShape(where, 'image', image.shape, ['h', 'w', 'channels'], { h: height, w: width }, hint);
  checkScaleFactor(where, preset);
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

function checkScaleFactor(where: string, { scaleFactor }: CrfPreset): void {
  if (scaleFactor !== undefined && !(scaleFactor > 0 && Number.isFinite(scaleFactor))) {
    throw new ValueError(where, 'scaleFactor', 'to be positive', scaleFactor);
  }
}
