import { overlay } from '@wsss/cam';
import {
  byteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  resizeNearest,
  type TensorLike,
  VOC_PALETTE,
} from '@wsss/core';
import { resizeBicubic } from '@wsss/core/kernels';
import { encodeIndexedPng, encodePng } from '@wsss/datasets';
import type { LabelsPicture, Picture } from './content';
import { tintByLabel } from './tint-by-label';

/** A picture as a page can hold it. */
export interface EmbeddedPicture {
  readonly uri: string;
  readonly width: number;
  readonly height: number;
  /** Its pixels are classes: enlarge it without blur. */
  readonly crisp: boolean;
}

/** A PNG inside an address, at most `side` pixels long. */
export async function embedPicture(picture: Picture, side: number): Promise<EmbeddedPicture> {
  if ('labels' in picture && !picture.over) return embedLabels(picture, side);
  const image = await paint(picture);
  const channels = image.shape[2] === 4 ? 4 : 3;
  const { h, w } = matchShape('report', 'image', image.shape, ['h', 'w', channels]);
  const [height, width] = fitted(h, w, side);
  const small = resizeBicubic(await bytesOf(image), [h, w, channels], [height, width]);
  return { uri: pngUri(await encodePng(hostTensor(small, [height, width, channels]))), width, height, crisp: false };
}

async function embedLabels({ labels, palette = VOC_PALETTE }: LabelsPicture, side: number): Promise<EmbeddedPicture> {
  const { h, w } = matchShape('report', 'labels', labels.shape, ['h', 'w']);
  const [height, width] = fitted(h, w, side);
  const small = h === height && w === width ? labels : await resizeNearest(labels, [height, width]);
  return { uri: pngUri(await encodeIndexedPng(small, palette)), width, height, crisp: true };
}

async function paint(picture: Picture): Promise<TensorLike> {
  if ('map' in picture) return opaque(await overlay(picture.over, picture.map));
  if ('image' in picture) return picture.image;
  return tintByLabel(picture.over!, picture.labels, picture.palette);
}

const bytesOf = (image: TensorLike) => byteValues('report', 'image', image);

/** RGB of RGBA whose alpha is 255 throughout. */
function opaque({ values, shape: [h, w] }: HostTensor<Uint8Array>): HostTensor<Uint8Array> {
  const rgb = new Uint8Array((values.length / 4) * 3);
  for (let i = 0, o = 0; i < values.length; i++) if (i % 4 < 3) rgb[o++] = values[i]!;
  return hostTensor(rgb, [h!, w!, 3]);
}

/** The size with the same proportions whose longest side is at most `side`. */
function fitted(h: number, w: number, side: number): [number, number] {
  const scale = Math.min(1, side / Math.max(h, w));
  return [Math.max(1, Math.round(h * scale)), Math.max(1, Math.round(w * scale))];
}

function pngUri(bytes: Uint8Array): string {
  let text = '';
  // In parts: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return `data:image/png;base64,${btoa(text)}`;
}
