import { FormatError, type HostTensor, hostTensor, IGNORE } from '@wsss/core';
import { folderDataset } from '@wsss/datasets';
import { CLASSES, VOC_INDICES } from './settings';

/** A photo, which of the six classes it has, and its mask with the six classes only. */
export interface Photo {
  readonly id: string;
  readonly image: HostTensor<Uint8Array>;
  /** From 1, in the order of {@link CLASSES}; often one, sometimes none. */
  readonly classes: readonly number[];
  /** For scoring: 0 background, 1 to 6, and 255 for borders and for the other classes of VOC. */
  readonly truth: HostTensor<Uint8Array>;
}

/** The photos of a split; each is read when it is asked for. */
export interface Split {
  readonly name: string;
  readonly ids: readonly string[];
  get(id: string): Promise<Photo>;
}

/**
 * Opens `train` or `val`. Every photo must have a mask: one without it could not be scored, and would go unnoticed.
 *
 * @throws {FormatError} that names the file, if something is missing or wrong.
 */
export async function openSplit(folder: string, split: string, limit: number | undefined): Promise<Split> {
  const dataset = await folderDataset(folder, { split });
  return {
    name: split,
    ids: dataset.ids.slice(0, limit),
    async get(id) {
      const { image, labels, mask } = await dataset.get(id);
      if (!mask) throw new FormatError(`${folder}/masks/${id}.png`, 'a mask for every photo', 'none');
      const classes = CLASSES.flatMap((name, i) => (labels.includes(name) ? [i + 1] : []));
      return { id, image, classes, truth: fromVoc(mask) };
    },
  };
}

const TO_SIX = Uint8Array.from({ length: 256 }, (_, index) =>
  index === 0 ? 0 : VOC_INDICES.indexOf(index) + 1 || IGNORE,
);

const toSix = (index: number) => TO_SIX[index]!;

/** The six classes back to VOC's indices, as mask files have them. */
export function toVoc({ values, shape }: HostTensor<Uint8Array>): HostTensor<Uint8Array> {
  return hostTensor(
    values.map((index) => (index === 0 || index === IGNORE ? index : VOC_INDICES[index - 1]!)),
    shape,
  );
}

/** VOC's indices to the six classes; others, and borders, become 255. */
export function fromVoc({ values, shape }: HostTensor<Uint8Array>): HostTensor<Uint8Array> {
  return hostTensor(values.map(toSix), shape);
}
