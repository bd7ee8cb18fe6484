import { finiteValues, type HostTensor, hostTensor, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { deviations } from './deviations';
import { writeCoordinates } from './gaussian-features';

export interface BilateralFeaturesOptions {
  /** Standard deviations of the coordinates in array order (**y first**), or one for all. */
  readonly sdims: number | readonly number[];
  /** Standard deviations of the channels, or one for all. */
  readonly schan: number | readonly number[];
  /** The axis of `image` that holds the channels; −1 if there is none. @default the last */
  readonly channelAxis?: number;
}

/**
 * Coordinates and values of every element of an image or volume, divided by their standard deviations.
 * pydensecrf's `create_pairwise_bilateral`.
 *
 * @param image Any number of axes, e.g. `[h, w, 3]`, `[channels, d, h, w]` with `channelAxis: 0`, `[h, w]` with −1.
 * @returns `[N, axes + channels]`: coordinates in array order, then channels.
 * @throws {ValueError} for NaN in the image, deviations that are not positive, an axis that does not exist.
 */
export async function bilateralFeatures(
  image: TensorLike,
  { sdims, schan, channelAxis = image.shape.length - 1 }: BilateralFeaturesOptions,
): Promise<HostTensor> {
  const where = 'bilateralFeatures';
  const rank = image.shape.length;
  if (!Number.isInteger(channelAxis) || channelAxis < -1 || channelAxis >= rank) {
    throw new ValueError(
      where,
      'channelAxis',
      `to be an axis of the image (0 to ${rank - 1}), or −1 for none`,
      channelAxis,
    );
  }
  const channels = channelAxis < 0 ? 1 : image.shape[channelAxis]!;
  const sizes = image.shape.filter((_, axis) => axis !== channelAxis);
  if (sizes.length === 0 || image.shape.some((n) => n === 0)) {
    throw new ShapeError(where, 'image', 'to have at least one axis besides the channels, and none empty', image.shape);
  }
  const axes = deviations(where, 'sdims', sdims, sizes.length).map(Math.fround);
  const spreads = deviations(where, 'schan', schan, channels).map(Math.fround);
  const values = await finiteValues(where, 'image', image);

  const points = values.length / channels;
  const width = sizes.length + channels;
  const features = new Float32Array(points * width);
  writeCoordinates(features, width, sizes, axes);
  // An element's channels lie `inner` apart, where `inner` is the number of elements behind the channel axis.
  const inner = channelAxis < 0 ? 1 : image.shape.slice(channelAxis + 1).reduce((n, size) => n * size, 1);
  for (let i = 0; i < points; i++) {
    const at = Math.floor(i / inner) * inner * channels + (i % inner);
    for (let c = 0; c < channels; c++) features[i * width + sizes.length + c] = values[at + c * inner]! / spreads[c]!;
  }
  return hostTensor(features, [points, width]);
}
