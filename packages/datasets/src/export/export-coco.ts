import { FormatError, hostValues, IGNORE, matchShape, ValueError } from '@wsss/core';
import { saveBytes } from '@wsss/formats';
import { formatRuns, runsOf } from '../coco/run-lengths';
import { checkClasses } from '../labels/check-classes';
import type { MaskedSample } from './masked-sample';

export interface ExportCocoOptions {
  /** All class names in the order of the masks' indices; class i becomes category i. */
  readonly classes: readonly string[];
  /** The ending of the photos' file names. @default 'jpg' */
  readonly extension?: string;
}

/**
 * Writes masks as a file of COCO's annotations (Node): one object for each class in a photo, as compressed run lengths.
 * pycocotools reads it, and so does `cocoDataset`. Ignored pixels (255) become nothing.
 *
 * @param samples Yields `{ id, mask }`: a list, a data set with masks, or a generator that makes them.
 * @returns How many photos there were.
 * @throws {FormatError} for a sample without a mask, an index beyond the classes, or an id that came before.
 */
export async function exportCoco(
  path: string | URL,
  samples: Iterable<MaskedSample> | AsyncIterable<MaskedSample>,
  { classes, extension = 'jpg' }: ExportCocoOptions,
): Promise<number> {
  const where = 'exportCoco';
  checkClasses(where, classes);
  if (!/^\w+$/.test(extension)) throw new ValueError(where, 'extension', 'to be the end of a file name', extension);
  const images: object[] = [];
  const annotations: object[] = [];
  const seen = new Set<string>();
  for await (const { id, mask } of samples) {
    if (!mask) throw new FormatError(id, 'a mask', 'none');
    if (seen.has(id)) throw new FormatError(id, 'each id once', 'it twice');
    seen.add(id);
    const { h, w } = matchShape(where, 'mask', mask.shape, ['h', 'w']);
    const labels = await hostValues(where, 'mask', mask);
    images.push({ id: images.length + 1, file_name: `${id}.${extension}`, height: h, width: w });
    const here = new Set(labels);
    for (const label of here) {
      const fits = label === IGNORE || (Number.isInteger(label) && label >= 0 && label <= classes.length);
      if (!fits) throw new FormatError(id, `class indices from 0 to ${classes.length}, or ${IGNORE}`, `${label}`);
    }
    for (let category = 1; category <= classes.length; category++) {
      if (!here.has(category)) continue;
      const box = [w, h, -1, -1] as [number, number, number, number];
      let area = 0;
      for (let i = 0; i < labels.length; i++) {
        if (labels[i] !== category) continue;
        const [y, x] = [Math.floor(i / w), i % w];
        area++;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
      const counts = formatRuns(runsOf((y, x) => labels[y * w + x] === category, h, w));
      annotations.push({
        id: annotations.length + 1,
        image_id: images.length,
        category_id: category,
        iscrowd: 0,
        area,
        bbox: [box[0], box[1], box[2] - box[0] + 1, box[3] - box[1] + 1],
        segmentation: { size: [h, w], counts },
      });
    }
  }
  const categories = classes.map((name, i) => ({ id: i + 1, name }));
  await saveBytes(path, new TextEncoder().encode(JSON.stringify({ images, annotations, categories })));
  return images.length;
}
