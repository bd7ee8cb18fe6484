import { type HostTensor, hostTensor, type TensorLike } from '@wsss/core';
import { hostMap } from './check-map';
import { addMirrored as kernel } from './kernels/add-mirrored';

/** What a network sees in an image: all that image-specific prototypes are explored in, of one size. */
export interface ImageView<T extends TensorLike = TensorLike> {
  /** Class maps before their ReLU, `[h, w, C]`; channel c belongs to class c + 1. */
  readonly maps: T;
  /** What says which cells look alike, `[h, w, F]`. */
  readonly structure: T;
  /** What prototypes are made of, `[h, w, F′]`. */
  readonly prototype: T;
  /** What is applied to the maps. @default 'relu' */
  readonly activation?: 'relu' | 'sqrtRelu' | undefined;
}

/** From RGB bytes `[h, w, 3]` to what is seen in them. */
export type ViewFunction = (image: TensorLike) => ImageView | Promise<ImageView>;

/**
 * Adds what is seen in the mirror image, mirrored back, to what is seen in the image.
 *
 * @throws {ShapeError} if sizes differ.
 * @throws {ValueError} if a value is NaN or infinite.
 */
export async function addMirrored(plain: ImageView, mirrored: ImageView): Promise<ImageView<HostTensor>> {
  const { maps, structure, prototype, activation } = plain;
  const summed = await sumMirrored('structure', structure, mirrored.structure);
  const same = prototype === structure && mirrored.prototype === mirrored.structure;
  return {
    maps: await sumMirrored('maps', maps, mirrored.maps),
    structure: summed,
    prototype: same ? summed : await sumMirrored('prototype', prototype, mirrored.prototype),
    activation,
  };
}

async function sumMirrored(name: string, plain: TensorLike, mirrored: TensorLike): Promise<HostTensor> {
  const { values, h, w, C } = await hostMap('addMirrored', `plain.${name}`, plain, 'C');
  const other = await hostMap('addMirrored', `mirrored.${name}`, mirrored, 'C', { h, w, C });
  return hostTensor(kernel(values, other.values, [h, w, C]), [h, w, C]);
}
