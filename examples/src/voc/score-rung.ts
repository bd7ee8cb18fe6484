import { bootstrapMeanIou, ConfusionMatrix } from '@wsss/metrics';
import type { Split } from './open-split';
import type { SplitScore } from './result';
import type { RunFolder } from './run-folder';
import type { RungSlug } from './rungs';
import { CLASSES } from './settings';

/** The masks of a rung against the true ones, all pixels of a split together; what was scored before is read. */
export async function scoreRung(folder: RunFolder, slug: RungSlug, split: Split): Promise<SplitScore> {
  const name = `scores/${slug}-${split.name}.json`;
  const known = await folder.readJson<SplitScore>(name);
  if (known) return known;
  const classes = CLASSES.length + 1;
  const matrix = new ConfusionMatrix({ classes });
  const perPhoto: ConfusionMatrix[] = [];
  for (const id of split.ids) {
    const counted = new ConfusionMatrix({ classes });
    await counted.update(await folder.readMask(slug, id), (await split.get(id)).truth);
    matrix.merge(counted);
    perPhoto.push(counted);
  }
  const score: SplitScore = {
    meanIou: matrix.meanIou(),
    iou: matrix.iou(),
    interval: bootstrapMeanIou(perPhoto),
    matrix: matrix.toJSON(),
  };
  await folder.writeJson(name, score);
  return score;
}
