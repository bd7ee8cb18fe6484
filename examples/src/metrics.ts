// npm run example metrics: how good are masks, class by class, and how sure is the mean?
//
// The masks to score are the true ones of drawn scenes, shifted by a few pixels: right in the middle of things, wrong
// at their edges.
import { hostTensor, random } from '@wsss/core';
import { bootstrapMeanIou, ConfusionMatrix, classTable } from '@wsss/metrics';
import { CLASSES, scene } from './quickstart/scenes/scene';

const SIZE = 64;
const SHIFT = 3;
const names = ['background', ...CLASSES];

const perImage: ConfusionMatrix[] = [];
for (let i = 0; i < 40; i++) {
  const { mask: truth } = scene(random(1).fork(i), { id: `${i}`, size: SIZE });
  const shifted = truth.values.map((_, p) => (p % SIZE < SHIFT ? 0 : truth.values[p - SHIFT]!));
  const matrix = new ConfusionMatrix({ classes: names.length });
  await matrix.update(hostTensor(shifted, [SIZE, SIZE]), truth);
  perImage.push(matrix);
}

// Pixels are counted over all images before they are divided: that is the mean IoU of the papers.
const all = new ConfusionMatrix({ classes: names.length });
for (const matrix of perImage) all.merge(matrix);
console.log(classTable(all, { names }));

const { meanIou, low, high } = bootstrapMeanIou(perImage);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log(`\nmean IoU ${percent(meanIou)}; with 40 other scenes, between ${percent(low)} and ${percent(high)}`);
