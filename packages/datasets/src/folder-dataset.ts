import { FormatError, ValueError, VOC_CLASSES } from '@wsss/core';
import { type DatasetSource, type OpeningDataset, openDataset } from './dataset';
import { checkPhotos } from './folder/check-photos';
import { findImages } from './folder/find-images';
import { type Folder, type FolderInput, openFolder } from './folder/folder';
import { readList } from './folder/read-list';
import type { DecodeImageOptions } from './image/decode-image';
import { checkClasses } from './labels/check-classes';
import type { Labels } from './labels/check-labels';
import { labelsOfMask } from './labels/labels-of-mask';
import { readLabels } from './labels/read-labels';

export interface FolderDatasetOptions {
  /** Takes the ids of `<split>.txt`, or of a list file with this path. @default every photo there is, by name */
  readonly split?: string;
  /** The folder of photos. @default 'images' */
  readonly images?: string;
  /** The folder of masks; `false` reads none. @default 'masks' */
  readonly masks?: string | false;
  /**
   * Where labels come from: a `.json` or `.csv` file, or a `.npy` as PSA and IRN have it; the labels themselves;
   * `'masks'`; or `false` for none.
   * @default `labels.json` or `labels.csv` if there is one, else the masks
   */
  readonly labels?: string | Readonly<Record<string, readonly string[]>> | false;
  /** All class names in the order of the masks' indices. @default the lines of `classes.txt` if there is one, else VOC's */
  readonly classes?: readonly string[];
  /** What to do with photos that EXIF calls sideways: see `decodeImage`. @default 'apply' */
  readonly orientation?: DecodeImageOptions['orientation'];
}

/**
 * A data set in plain folders: `images/<id>.jpg` (or `.jpeg`, `.png`), `masks/<id>.png`, `labels.json`, `train.txt` …
 *
 * Lists, labels and the presence of every photo are checked when it is opened; photos and masks are read when asked for.
 *
 * @param root A path (Node), the URL of a folder (which needs a `split`), or the files of a browser's folder dialog.
 * @throws {FormatError} that names the file: a list or label file that is missing or wrong, an unknown class, a photo
 *   without labels, a missing or damaged photo, a mask of another size or with other indices.
 */
export function folderDataset(root: FolderInput, options: FolderDatasetOptions = {}): OpeningDataset {
  return openDataset('folderDataset', open(root, options));
}

async function open(root: FolderInput, options: FolderDatasetOptions): Promise<DatasetSource> {
  const { split, images = 'images', masks = 'masks', orientation = 'apply' } = options;
  const folder = openFolder('folderDataset', root);
  const top = await folder.list('');
  const classes = await findClasses(folder, top, options.classes);
  const photos = await findImages(folder, images, /\.(jpe?g|png)$/i);
  const ids = await findIds(folder, split, images, photos);
  const photoOf = (id: string) => photos?.get(id) ?? `${images}/${id}.jpg`;
  checkPhotos(folder, ids, photos, photoOf);
  const labels = await findLabels(folder, top, options.labels, classes, ids);
  const found = masks === false ? new Map<string, string>() : await findImages(folder, masks, /\.png$/i);
  const file = async (path: string) => ({ name: folder.nameOf(path), bytes: await folder.read(path) });

  return {
    ids,
    classes,
    orientation,
    image: (id) => file(photoOf(id)),
    async mask(id) {
      const path = found ? found.get(id) : `${masks}/${id}.png`;
      return path === undefined ? undefined : file(path);
    },
    async labels(id, mask) {
      if (labels !== 'masks') return labels.get(id) ?? [];
      const shown = await mask();
      if (shown) return labelsOfMask(shown, classes);
      const hint = 'Labels come from labels.json, labels.csv, { labels }, or masks; { labels: false } goes without.';
      throw new FormatError(folder.nameOf(`${masks || 'masks'}/${id}.png`), 'a mask to take labels from', 'none', hint);
    },
  };
}

async function text(folder: Folder, path: string): Promise<string> {
  return new TextDecoder().decode(await folder.read(path));
}

async function findClasses(folder: Folder, top: readonly string[] | undefined, given?: readonly string[]) {
  if (given) return checkClasses('folderDataset', given);
  if (!top?.includes('classes.txt')) return VOC_CLASSES;
  const lines = (await text(folder, 'classes.txt')).split('\n').map((line) => line.trim());
  const names = lines.filter((line) => line !== '');
  if (names.length < 1 || names.length > 254 || new Set(names).size < names.length) {
    throw new FormatError(folder.nameOf('classes.txt'), '1 to 254 class names, each once', `${names.length} lines`);
  }
  return names;
}

async function findIds(
  folder: Folder,
  split: string | undefined,
  images: string,
  photos: ReadonlyMap<string, string> | undefined,
): Promise<string[]> {
  if (split !== undefined) {
    const path = split.endsWith('.txt') ? split : `${split}.txt`;
    return readList(await text(folder, path), folder.nameOf(path));
  }
  if (!photos) {
    throw new ValueError('folderDataset', 'split', 'to name a list', split, 'The files below a URL cannot be listed.');
  }
  if (photos.size === 0) throw new FormatError(folder.nameOf(images), 'a folder of .jpg, .jpeg or .png photos', 'none');
  return [...photos.keys()];
}

async function findLabels(
  folder: Folder,
  top: readonly string[] | undefined,
  given: FolderDatasetOptions['labels'],
  classes: readonly string[],
  ids: readonly string[],
): Promise<Labels | 'masks'> {
  if (given === false) return new Map();
  const labels = given ?? ['labels.json', 'labels.csv'].find((name) => top?.includes(name)) ?? 'masks';
  return labels === 'masks' ? labels : readLabels(folder, labels, classes, ids);
}
