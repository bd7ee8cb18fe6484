import { type HostTensor, matchShape, ShapeError, type TensorLike } from '@wsss/core';

/** A photo with what belongs to its pixels. */
export interface Sample {
  /** RGB bytes `[h, w, 3]`; {@link cropSample} and {@link flipSample} take it normalised too. */
  readonly image: TensorLike;
  /** Scores `[h, w, K]`, e.g. of a CAM or a dense CRF. */
  readonly maps?: TensorLike | undefined;
  /** A label map `[h, w]`, 255 ignored. */
  readonly labels?: TensorLike | undefined;
}

/** The same on the host. What the sample lacked stays undefined. */
export interface HostSample<I extends Uint8Array | Float32Array = Uint8Array> {
  readonly image: HostTensor<I>;
  readonly maps?: HostTensor | undefined;
  readonly labels?: HostTensor<Uint8Array> | undefined;
}

/** Checks that image, maps and labels have the same height and width, and tells these. */
export function sampleSize(where: string, { image, maps, labels }: Sample): { h: number; w: number } {
  const { h, w } = matchShape(where, 'image', image?.shape, ['h', 'w', 3]);
  if (h * w === 0) throw new ShapeError(where, 'image', ['h', 'w', 3], image.shape, 'It has no pixels.');
  if (maps) matchShape(where, 'maps', maps.shape, ['h', 'w', 'K'], { h, w });
  if (labels) matchShape(where, 'labels', labels.shape, ['h', 'w'], { h, w });
  return { h, w };
}
