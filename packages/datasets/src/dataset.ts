import { FormatError, type HostTensor, IGNORE, ValueError } from '@wsss/core';
import { type DecodeImageOptions, decodeImage } from './image/decode-image';
import { decodeIndexedPng } from './image/decode-indexed-png';

/** One photo of a data set. */
export interface Sample {
  readonly id: string;
  /** RGB, 0..255, `[h, w, 3]`. */
  readonly image: HostTensor<Uint8Array>;
  /** The names of the classes in it. */
  readonly labels: string[];
  /** Class indices `[h, w]`: 0 background, i is `classes[i − 1]`, 255 ignored. Only where there is one. */
  readonly mask?: HostTensor<Uint8Array>;
}

/** Photos with labels, and masks where there are some. Nothing is decoded before it is asked for. */
export interface Dataset extends AsyncIterable<Sample> {
  readonly length: number;
  /** In the order in which the data set yields. */
  readonly ids: readonly string[];
  /** The class names: index i of a mask is `classes[i − 1]`. */
  readonly classes: readonly string[];
  /** Reads and decodes one photo and its mask. */
  get(id: string): Promise<Sample>;
  /** The labels alone, without decoding. */
  labels(id: string): Promise<string[]>;
}

/** A data set that is being opened: await it, or iterate at once. */
export type OpeningDataset = Promise<Dataset> & AsyncIterable<Sample>;

/** A file's bytes, and what messages call it. */
export interface Named {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** How the layouts differ. */
export interface DatasetSource {
  readonly ids: readonly string[];
  readonly classes: readonly string[];
  readonly orientation: DecodeImageOptions['orientation'];
  image(id: string): Promise<Named>;
  mask(id: string): Promise<Named | undefined>;
  /** The labels of a photo; `mask` reads its mask, for those that find them there. */
  labels(id: string, mask: () => Promise<HostTensor<Uint8Array> | undefined>): Promise<readonly string[]>;
}

export function openDataset(where: string, source: Promise<DatasetSource>): OpeningDataset {
  const opening = source.then((opened) => dataset(where, opened));
  return Object.assign(opening, {
    async *[Symbol.asyncIterator]() {
      yield* await opening;
    },
  });
}

function dataset(where: string, source: DatasetSource): Dataset {
  const { ids, classes } = source;
  const known = new Set(ids);

  function check(id: string): void {
    if (!known.has(id)) throw new ValueError(`${where}.get`, 'id', `to be one of ${ids.length} of the data set`, id);
  }

  async function readMask(id: string): Promise<NamedMask | undefined> {
    const file = await source.mask(id);
    if (!file) return undefined;
    const { name } = file;
    const tensor = await decodeIndexedPng(file.bytes, { name });
    for (const label of tensor.values) {
      if (label > classes.length && label !== IGNORE) {
        throw new FormatError(name, `class indices from 0 to ${classes.length}, or ${IGNORE}`, `${label}`);
      }
    }
    return { name, tensor };
  }

  async function get(id: string): Promise<Sample> {
    check(id);
    const photo = await source.image(id);
    const image = await decodeImage(photo.bytes, { name: photo.name, orientation: source.orientation });
    const mask = await readMask(id);
    if (mask) checkSize(photo.name, image, mask);
    const labels = [...(await source.labels(id, async () => mask?.tensor))];
    return mask ? { id, image, labels, mask: mask.tensor } : { id, image, labels };
  }

  return {
    length: ids.length,
    ids,
    classes,
    get,
    async labels(id) {
      check(id);
      return [...(await source.labels(id, async () => (await readMask(id))?.tensor))];
    },
    async *[Symbol.asyncIterator]() {
      for (const id of ids) yield await get(id);
    },
  };
}

interface NamedMask {
  readonly name: string;
  readonly tensor: HostTensor<Uint8Array>;
}

function checkSize(photo: string, image: HostTensor<Uint8Array>, { name, tensor }: NamedMask): void {
  const [height, width] = image.shape;
  const [h, w] = tensor.shape;
  if (h === height && w === width) return;
  const hint =
    h === width && w === height
      ? "Is the photo turned by its EXIF? { orientation: 'ignore' } leaves it as it is stored."
      : 'Do they belong together? Masks are not resized.';
  throw new FormatError(name, `a mask of ${width} × ${height} pixels, as ${photo} has`, `${w} × ${h}`, hint);
}
