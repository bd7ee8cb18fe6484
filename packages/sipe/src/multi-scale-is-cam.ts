import {
  byteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  ShapeError,
  scaledSize,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { flipHorizontal, resizeBicubic } from '@wsss/core/kernels';
import { type ExploreOptions, explorePrototypes } from './explore-prototypes';
import { fuseIsCams } from './fuse-is-cams';
import { addMirrored, type ViewFunction } from './image-view';

/** What `multiScaleIsCam` takes besides what sees and what is seen. */
export interface MultiScaleIsCamOptions extends ExploreOptions {
  /** Sizes at which the image is seen, relative to its own. @default [1, 0.5, 1.5, 2] */
  readonly scales?: readonly number[];
  /** Whether the mirror image is seen too, at each scale. @default true */
  readonly flip?: boolean;
}

/**
 * Image-specific class activation maps of a photo at its own size, from several scales and mirror images.
 *
 * For each scale the photo is resized as Pillow does (bicubic, sides rounded half to even); what is seen in it and in its
 * mirror image is added, and explored: see {@link explorePrototypes}. Then {@link fuseIsCams}.
 *
 * @param see A SipeNet's `view`, or {@link classifierView} of a classifier that knows nothing of SIPE.
 * @param image RGB bytes 0..255, `[h, w, 3]`.
 * @returns `[h, w, classes.length + 1]` in [0, 1), the background first, then `classes` in their order. The highest
 * channel of a pixel is its class.
 * @throws {ShapeError} if the image is no photo, or what is seen has other shapes.
 * @throws {ValueError} if a scale leaves no pixel, the image holds anything but bytes, or as {@link explorePrototypes}.
 *
 * Source: Chen et al., SIPE (CVPR 2022), `make_cam.py`.
 */
export async function multiScaleIsCam(
  see: ViewFunction,
  image: TensorLike,
  { scales = [1, 0.5, 1.5, 2], flip = true, ...options }: MultiScaleIsCamOptions,
): Promise<HostTensor> {
  const where = 'multiScaleIsCam';
  if (typeof see !== 'function') throw new ValueError(where, 'see', 'to be a function of an image', see);
  const { h, w } = matchShape(where, 'image', image?.shape, ['h', 'w', 3], {}, 'Photos are RGB, one at a time.');
  if (h * w === 0) throw new ShapeError(where, 'image', 'to have pixels', image.shape);
  if (!Array.isArray(scales) || scales.length === 0 || !scales.every((scale) => scale > 0 && Number.isFinite(scale))) {
    throw new ValueError(where, 'scales', 'to be a list of positive numbers', scales);
  }
  const bytes = await byteValues(where, 'image', image);
  const maps: HostTensor[] = [];
  for (const scale of scales) {
    const size: [number, number] = [scaledSize(h, scale), scaledSize(w, scale)];
    const scaled = resizeBicubic(bytes, [h, w, 3], size);
    const shape: [number, number, number] = [...size, 3];
    let view = await see(hostTensor(scaled, shape));
    if (flip) view = await addMirrored(view, await see(hostTensor(flipHorizontal(scaled, shape), shape)));
    const { isCam } = await explorePrototypes(view, options);
    maps.push(isCam);
  }
  return fuseIsCams(maps, { size: [h, w] });
}
