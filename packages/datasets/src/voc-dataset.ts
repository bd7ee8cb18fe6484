import { FormatError, VOC_CLASSES } from '@wsss/core';
import { type DatasetSource, type OpeningDataset, openDataset } from './dataset';
import { checkPhotos } from './folder/check-photos';
import { findImages } from './folder/find-images';
import { type Folder, type FolderInput, openFolder } from './folder/folder';
import { readList } from './folder/read-list';
import type { DecodeImageOptions } from './image/decode-image';
import { checkClasses } from './labels/check-classes';
import { labelsOfMask } from './labels/labels-of-mask';
import { parseAnnotation } from './labels/parse-annotation';
import { readLabels } from './labels/read-labels';

export interface VocDatasetOptions {
  /** The ids of `ImageSets/Segmentation/<split>.txt`, or of a list file with this path. @default 'train' */
  readonly split?: string;
  /**
   * Where labels come from: `'annotations'` (the objects of `Annotations/<id>.xml`), `'masks'`, a `.json` or `.csv`
   * file, or a `.npy` as PSA and IRN have it (`cls_labels.npy`), the labels themselves, or `false` for none. @default the annotation where there is one, else the mask
   */
  readonly labels?: string | Readonly<Record<string, readonly string[]>> | false;
  /**
   * The folder of masks; `false` reads none. @default `SegmentationClass`, and `SegmentationClassAug` for those that it
   * lacks
   */
  readonly masks?: string | false;
  /** All class names in the order of the masks' indices. @default VOC's */
  readonly classes?: readonly string[];
  /** What to do with photos that EXIF calls sideways: see `decodeImage`. @default 'apply' */
  readonly orientation?: DecodeImageOptions['orientation'];
}

const PHOTOS = 'JPEGImages';
const ANNOTATIONS = 'Annotations';
const MASKS = ['SegmentationClass', 'SegmentationClassAug'];

/**
 * PASCAL VOC in the layout of its devkit: `JPEGImages`, `SegmentationClass`, `Annotations`, `ImageSets/Segmentation`;
 * with `SegmentationClassAug` for the 10 582 training masks of Hariharan et al. (ICCV 2011).
 *
 * The list and the presence of every photo are checked when it is opened; the rest is read when asked for.
 *
 * @param root The folder with `JPEGImages`: a path (Node), its URL, or the files of a browser's folder dialog.
 * @throws {FormatError} that names the file: a list that is missing or wrong, an unknown class, a photo without labels, a
 *   missing or damaged photo, a mask of another size or with other indices.
 */
export function vocDataset(root: FolderInput, options: VocDatasetOptions = {}): OpeningDataset {
  return openDataset('vocDataset', open(root, options));
}

async function open(root: FolderInput, options: VocDatasetOptions): Promise<DatasetSource> {
  const { split = 'train', orientation = 'apply' } = options;
  const classes = checkClasses('vocDataset', options.classes ?? VOC_CLASSES);
  const folder = openFolder('vocDataset', root);
  const file = async (path: string) => ({ name: folder.nameOf(path), bytes: await folder.read(path) });

  const photos = await findImages(folder, PHOTOS, /\.jpe?g$/i);
  if (photos?.size === 0) {
    const hint = 'The root is the folder that holds JPEGImages, such as VOCdevkit/VOC2012.';
    throw new FormatError(folder.nameOf(PHOTOS), 'a folder of photos', 'none', hint);
  }
  const list = split.endsWith('.txt') ? split : `ImageSets/Segmentation/${split}.txt`;
  const ids = readList(new TextDecoder().decode(await folder.read(list)), folder.nameOf(list));
  const photoOf = (id: string) => photos?.get(id) ?? `${PHOTOS}/${id}.jpg`;
  checkPhotos(folder, ids, photos, photoOf);

  const maskOf = await findMasks(folder, options.masks);
  return {
    ids,
    classes,
    orientation,
    image: (id) => file(photoOf(id)),
    async mask(id) {
      const path = maskOf(id);
      return path === undefined ? undefined : file(path);
    },
    labels: await findLabels(folder, options.labels, classes, ids),
  };
}

/** Id → the path of its mask. */
async function findMasks(
  folder: Folder,
  masks: VocDatasetOptions['masks'],
): Promise<(id: string) => string | undefined> {
  if (masks === false) return () => undefined;
  const paths = masks === undefined ? MASKS : [masks];
  const found = await Promise.all(paths.map((path) => findImages(folder, path, /\.png$/i)));
  return (id) => {
    for (const [i, listed] of found.entries()) {
      const path = listed ? listed.get(id) : `${paths[i]}/${id}.png`;
      if (path !== undefined) return path;
    }
    return undefined;
  };
}

async function findLabels(
  folder: Folder,
  given: VocDatasetOptions['labels'],
  classes: readonly string[],
  ids: readonly string[],
): Promise<DatasetSource['labels']> {
  if (given === false) return async () => [];
  if (given !== undefined && given !== 'masks' && given !== 'annotations') {
    const labels = await readLabels(folder, given, classes, ids);
    return async (id) => labels.get(id)!;
  }
  const listed = given === undefined ? await folder.list(ANNOTATIONS) : undefined;
  const annotated = listed && new Set(listed);
  return async (id, mask) => {
    const path = `${ANNOTATIONS}/${id}.xml`;
    if (given !== 'masks' && (!annotated || annotated.has(`${id}.xml`))) {
      return parseAnnotation(new TextDecoder().decode(await folder.read(path)), folder.nameOf(path), classes);
    }
    const shown = await mask();
    if (shown) return labelsOfMask(shown, classes);
    const hint = 'Labels come from Annotations, masks, or { labels }; { labels: false } goes without.';
    throw new FormatError(folder.nameOf(given === 'masks' ? `${MASKS[0]}/${id}.png` : path), 'labels', 'none', hint);
  };
}
