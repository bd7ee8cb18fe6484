import { FormatError, hostTensor, hostValues, matchShape, type TensorLike, ValueError, VOC_PALETTE } from '@wsss/core';
import { saveBytes } from '@wsss/formats';
import { encodePng } from '../image/encode-png';
import { writeMask } from '../image/write-mask';
import { checkClasses } from '../labels/check-classes';
import { checkLabels } from '../labels/check-labels';
import { labelsOfMask } from '../labels/labels-of-mask';
import type { MaskedSample } from './masked-sample';

export interface ExportFolderOptions {
  /** All class names in the order of the masks' indices. */
  readonly classes: readonly string[];
  /** Writes the list `<split>.txt`. @default 'train' */
  readonly split?: string;
  /** RGB of each index. @default VOC's colours */
  readonly palette?: Readonly<Uint8Array>;
}

/**
 * Writes a data set in plain folders (Node), as `folderDataset` and most training programs read it: `masks/<id>.png`
 * (indexed), `images/<id>.png` where a sample has its photo, `labels.json`, `classes.txt` and a list.
 *
 * @param root The folder; files in it are replaced, others stay.
 * @param samples Yields `{ id, mask?, image?, labels? }`: a list, a data set, or a generator that makes them.
 * @returns How many photos there were.
 * @throws {FormatError} for an index or a name beyond the classes, an id that came before, or one that is no file name.
 */
export async function exportFolder(
  root: string,
  samples: Iterable<MaskedSample> | AsyncIterable<MaskedSample>,
  { classes, split = 'train', palette = VOC_PALETTE }: ExportFolderOptions,
): Promise<number> {
  const where = 'exportFolder';
  checkClasses(where, classes);
  if (typeof root !== 'string' || root === '') throw new ValueError(where, 'root', 'to be the path of a folder', root);
  if (!/^[\w.-]+$/.test(split)) throw new ValueError(where, 'split', 'to be the name of a list', split);
  const found = new Map<string, readonly string[]>();
  for await (const { id, image, mask, labels: given } of samples) {
    if (!/^[^/\\\0]+$/.test(id) || id.startsWith('.'))
      throw new FormatError(id, 'an id that can name a file', `'${id}'`);
    if (found.has(id)) throw new FormatError(id, 'each id once', 'it twice');
    const shown = mask && (await namesIn(id, mask, classes));
    if (!shown && !given) throw new FormatError(id, 'a mask or labels', 'neither');
    found.set(id, given ? checkLabels(id, 'its labels', given, classes) : shown!);
    if (mask) await writeMask(`${root}/masks/${id}.png`, mask, palette);
    if (image) await saveBytes(`${root}/images/${id}.png`, await encodePng(image));
  }
  const ids = [...found.keys()];
  const text = (name: string, content: string) => saveBytes(`${root}/${name}`, new TextEncoder().encode(content));
  await text('labels.json', `${JSON.stringify(Object.fromEntries(found), null, 1)}\n`);
  await text('classes.txt', `${classes.join('\n')}\n`);
  await text(`${split}.txt`, `${ids.join('\n')}\n`);
  return ids.length;
}

async function namesIn(id: string, mask: TensorLike, classes: readonly string[]): Promise<string[]> {
  const { h, w } = matchShape('exportFolder', 'mask', mask.shape, ['h', 'w']);
  const values = await hostValues('exportFolder', 'mask', mask);
  for (const label of values) {
    if (label !== 255 && !(Number.isInteger(label) && label >= 0 && label <= classes.length)) {
      throw new FormatError(id, `class indices from 0 to ${classes.length}, or 255`, `${label}`);
    }
  }
  return labelsOfMask(hostTensor(Uint8Array.from(values), [h, w]), classes);
}
