import { FormatError, ValueError } from '@wsss/core';
import { labelMap } from './coco/label-map';
import { parseCoco } from './coco/parse-coco';
import { type DatasetSource, type OpeningDataset, openDataset } from './dataset';
import { checkPhotos } from './folder/check-photos';
import { findImages } from './folder/find-images';
import { type FolderInput, openFolder } from './folder/folder';
import { stemOf } from './folder/stem-of';
import type { DecodeImageOptions } from './image/decode-image';
import { encodeIndexedPng } from './image/encode-indexed-png';

export interface CocoDatasetOptions {
  /** Reads `annotations/instances_<split>.json`, and photos of the folder `<split>`. @default 'val2017' */
  readonly split?: string;
  /** Another file of annotations. */
  readonly annotations?: string;
  /** Another folder of photos. */
  readonly images?: string;
  /** Whether masks are drawn from the annotations. @default true */
  readonly masks?: boolean;
  /** What to do with photos that EXIF calls sideways: see `decodeImage`. @default 'apply' */
  readonly orientation?: DecodeImageOptions['orientation'];
}

/**
 * COCO, or what is annotated as COCO's instances are: classes are the categories in the order of their ids, labels those
 * that a photo has objects of, masks are drawn from the objects' polygons and run lengths.
 *
 * A pixel belongs to a polygon if its centre does (pycocotools draws outlines a little wider), a crowd counts as its
 * class, and where objects of different classes overlap, 255 says that nobody knows.
 *
 * The annotations and the presence of every photo are checked when it is opened; masks are drawn when asked for.
 *
 * @param root The folder with `annotations`: a path (Node), its URL, or the files of a browser's folder dialog.
 * @throws {FormatError} that names the file: annotations that are missing or wrong, a missing or damaged photo, or one of
 *   another size than its annotations say.
 *
 * Source: Lin et al., "Microsoft COCO: Common objects in context", ECCV 2014; its data format page.
 */
export function cocoDataset(root: FolderInput, options: CocoDatasetOptions = {}): OpeningDataset {
  return openDataset('cocoDataset', open(root, options));
}

async function open(root: FolderInput, options: CocoDatasetOptions): Promise<DatasetSource> {
  const { split = 'val2017', masks = true, orientation = 'apply' } = options;
  const { annotations = `annotations/instances_${split}.json`, images = split } = options;
  if (typeof masks !== 'boolean') throw new ValueError('cocoDataset', 'masks', 'to be true or false', masks);
  const folder = openFolder('cocoDataset', root);
  const name = folder.nameOf(annotations);
  const { classes, indices, photos } = parseCoco(
    new TextDecoder().decode(await folder.read(annotations)),
    name,
    stemOf,
  );
  const ids = [...photos.keys()];
  if (ids.length === 0) throw new FormatError(name, 'images', 'none');
  const photoOf = (id: string) => `${images}/${photos.get(id)!.file}`;
  checkPhotos(folder, ids, await findImages(folder, images, /\.(jpe?g|png)$/i), photoOf);
  const maskOf = (id: string) => labelMap(photos.get(id)!, name, indices);
  return {
    ids,
    classes,
    orientation,
    image: async (id) => ({ name: folder.nameOf(photoOf(id)), bytes: await folder.read(photoOf(id)) }),
    mask: async (id) =>
      masks ? { name: `${name}: ${photos.get(id)!.file}`, bytes: await encodeIndexedPng(maskOf(id)) } : undefined,
    async labels(id) {
      const seen = new Set(photos.get(id)!.objects.map(({ category }) => indices.get(category)!));
      return classes.filter((_, i) => seen.has(i + 1));
    },
  };
}
