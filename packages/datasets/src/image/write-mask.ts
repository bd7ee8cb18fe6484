import { type TensorLike, VOC_PALETTE } from '@wsss/core';
import { saveBytes } from '@wsss/formats';
import { encodeIndexedPng } from './encode-indexed-png';

/**
 * Writes class indices as an indexed PNG (Node), whole or not at all; the folder is made where it lacks.
 *
 * @param labels `[h, w]`, whole numbers 0..255.
 * @param palette RGB of each index. @default VOC's colours
 */
export async function writeMask(
  path: string | URL,
  labels: TensorLike,
  palette: Readonly<Uint8Array> = VOC_PALETTE,
): Promise<void> {
  await saveBytes(path, await encodeIndexedPng(labels, palette));
}
