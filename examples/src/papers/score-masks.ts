import { hostTensor, VOC_CLASSES } from '@wsss/core';
import { readMask } from '@wsss/datasets';
import { ConfusionMatrix } from '@wsss/metrics';
import { percent } from '../shared/format-table';
import { tracked } from '../shared/tracked';
import type { DevkitList } from './devkit';

/** Scores label maps in files against the masks of a list, all photos together, as VOC does. */
export async function scoreMasks(label: string, list: DevkitList, fileOf: (id: string) => string): Promise<number> {
  const matrix = new ConfusionMatrix({ classes: VOC_CLASSES.length + 1, ignoredPrediction: 'background' });
  for (const id of tracked(label, list.ids)) {
    const { mask } = await list.get(id);
    if (!mask) continue;
    const { values, shape } = await readMask(fileOf(id));
    await matrix.update(hostTensor(values, shape), mask);
  }
  return matrix.meanIou();
}

/** What was found, and what was published, on one line. */
export const besides = (what: string, found: number, published: string): string =>
  `${what}: mean IoU ${percent(found)}; published: ${published}`;
