// How much of a mask's contour pixel-adaptive refinement brings back: true masks, as means of large cells and bilinear
// again, before and after.
// node --import tsx --conditions=@wsss/source src/affinity/pixel-refinement.ts FOLDER [photos] [pixels per cell]
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cellScores, refinePixels } from '@wsss/affinity';
import { argmaxLabels, hostTensor, resizeBilinear } from '@wsss/core';
import { crop } from '@wsss/core/kernels';
import { folderDataset } from '@wsss/datasets';
import { ConfusionMatrix } from '@wsss/metrics';

const [folder, limit = '40', side = '32'] = process.argv.slice(2);
const cell = Number(side);
if (!folder) throw new Error('which folder, with images, masks, labels.json and val.txt?');
const dataset = await folderDataset(folder, { split: 'val' });
const [before, after] = [new ConfusionMatrix({ classes: 21 }), new ConfusionMatrix({ classes: 21 })];
let seconds = 0;
const ids = dataset.ids.slice(0, Number(limit));
for (const id of ids) {
  const { image, mask } = await dataset.get(id);
  const [h, w] = mask!.shape as [number, number];
  const classes = [...new Set(mask!.values)].filter((label) => label !== 0 && label !== 255).sort((a, b) => a - b);
  const K = classes.length + 1;
  const scores = new Float32Array(h * w * K);
  // Void pixels belong to nothing.
  for (const [i, label] of mask!.values.entries()) if (label !== 255) scores[i * K + classes.indexOf(label) + 1] = 1;
  const small = await cellScores(hostTensor(scores, [h, w, K]), { cell, padding: 'ignore' });
  const [rows, columns] = small.shape as [number, number, number];
  const large = await resizeBilinear(small, [cell * rows, cell * columns]);
  const coarse = hostTensor(crop(large.values, [cell * rows, cell * columns, K], [0, 0, h, w]) as Float32Array, [
    h,
    w,
    K,
  ]);
  const started = performance.now();
  const refined = await refinePixels(image, coarse);
  seconds += (performance.now() - started) / 1000;
  await before.update(await argmaxLabels(coarse, { classes }), mask!);
  await after.update(await argmaxLabels(refined, { classes }), mask!);
}
const result = {
  photos: ids.length,
  before: before.meanIou(),
  after: after.meanIou(),
  secondsPerPhoto: seconds / ids.length,
};
console.log(result);
const out = fileURLToPath(new URL('../../out/', import.meta.url));
mkdirSync(out, { recursive: true });
writeFileSync(`${out}affinity-pixel-refinement.json`, `${JSON.stringify(result, null, 2)}\n`);
