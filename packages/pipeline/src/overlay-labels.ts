import { type HostTensor, type TensorLike, VOC_PALETTE } from '@wsss/core';
import { tintByLabel } from './report/tint-by-label';

/**
 * A photo on which every class has its colour, and the background is dim and grey.
 *
 * @param photo RGB bytes `[h, w, 3]`.
 * @param labels Class indices `[h, w]`; 0 is the background.
 * @param options.palette RGB of each index. @default VOC's colours
 * @returns RGB bytes `[h, w, 3]`, for `encodePng` of `@wsss/datasets`.
 * @throws {ShapeError} if the sizes differ.
 */
export async function overlayLabels(
  photo: TensorLike,
  labels: TensorLike,
  { palette = VOC_PALETTE }: { readonly palette?: Readonly<Uint8Array> } = {},
): Promise<HostTensor<Uint8Array>> {
  return tintByLabel(photo, labels, palette, ['overlayLabels', 'photo']);
}
