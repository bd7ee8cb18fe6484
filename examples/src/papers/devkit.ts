import { type HostTensor, VOC_CLASSES } from '@wsss/core';
import { classIndices, vocDataset } from '@wsss/datasets';

/** A photo of the devkit. */
export interface DevkitPhoto {
  readonly id: string;
  readonly image: HostTensor<Uint8Array>;
  /** Indices from 1; often one. */
  readonly classes: readonly number[];
  readonly mask?: HostTensor<Uint8Array>;
}

/** A list of photos; each is read when it is asked for. */
export interface DevkitList {
  readonly ids: readonly string[];
  get(id: string): Promise<DevkitPhoto>;
}

export interface DevkitOptions {
  /** A list of the devkit, or the path of one. */
  readonly split: string;
  /** Image-level labels, as for `vocDataset`. */
  readonly labels: string | undefined;
  /** The first photos only. */
  readonly limit: number | undefined;
  /** Whether masks are needed: to score with, never to learn from. */
  readonly masks: boolean;
}

/** Opens a list of VOC's devkit: photos, their classes, and masks where they are to be scored with. */
export async function openDevkit(root: string, { split, labels, limit, masks }: DevkitOptions): Promise<DevkitList> {
  const dataset = await vocDataset(root, {
    split,
    ...(labels !== undefined && { labels }),
    ...(!masks && { masks: false }),
    orientation: 'ignore',
  });
  return {
    ids: dataset.ids.slice(0, limit),
    async get(id) {
      const { image, labels: names, mask } = await dataset.get(id);
      return { id, image, classes: classIndices(names, VOC_CLASSES), ...(mask && { mask }) };
    },
  };
}
