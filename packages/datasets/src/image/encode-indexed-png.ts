import { matchShape, type TensorLike, ValueError, VOC_PALETTE } from '@wsss/core';
import { writePng } from '../png/write-png';
import { byteValues } from './byte-values';

/**
 * The bytes of a PNG whose pixels are class indices and whose palette gives them colours: the form of VOC's masks.
 *
 * @param labels Class indices `[h, w]`, whole numbers 0..255 (255: ignored).
 * @param palette RGB of each index, `[n × 3]` with n ≤ 256. @default VOC's colours
 * @throws {ShapeError} if `labels` is not of rank 2; {ValueError} if a label has no colour.
 */
export async function encodeIndexedPng(
  labels: TensorLike,
  palette: Readonly<Uint8Array> = VOC_PALETTE,
): Promise<Uint8Array<ArrayBuffer>> {
  const { h, w } = matchShape('encodeIndexedPng', 'labels', labels?.shape, ['h', 'w']);
  if (!(palette instanceof Uint8Array) || palette.length % 3 !== 0 || palette.length < 3 || palette.length > 768) {
    throw new ValueError('encodeIndexedPng', 'palette', 'to be 1 to 256 colours, three bytes each', palette);
  }
  if (h === 0 || w === 0) throw new ValueError('encodeIndexedPng', 'labels', 'to have pixels', labels);
  const samples = await byteValues('encodeIndexedPng', 'labels', labels);
  const colors = palette.length / 3;
  for (const label of samples) {
    if (label >= colors) {
      throw new ValueError('encodeIndexedPng', 'labels', `to have a colour in the palette of ${colors}`, label);
    }
  }
  return writePng({ width: w, height: h, channels: 1, samples, palette });
}
