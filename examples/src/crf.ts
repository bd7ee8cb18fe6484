// npm run example crf: coarse, noisy scores of a drawn scene, fitted to its edges by a dense CRF. Writes one picture: the
// scene, the labels of the scores, the labels after the CRF.
import { resolve } from 'node:path';
import { argmaxLabels, type HostTensor, hostTensor, random, resizeBilinear, VOC_PALETTE } from '@wsss/core';
import { crf, PSA_CRF } from '@wsss/crf';
import { encodePng } from '@wsss/datasets';
import { saveBytes } from '@wsss/formats';
import { ConfusionMatrix } from '@wsss/metrics';
import { scene } from './quickstart/scenes/scene';

const SIZE = 144;
const CELL = 12;
const stream = random(14);
const { image, mask } = scene(stream, { id: 'drawn', size: SIZE });
const classes = [...new Set([0, ...mask.values])].sort((a, b) => a - b);
const K = classes.length;

// What a network with a stride of 12 pixels might say: how much of each cell is of which class, give or take.
const side = SIZE / CELL;
const cells = new Float32Array(side * side * K);
mask.values.forEach((label, i) => {
  const cell = Math.floor(i / SIZE / CELL) * side + Math.floor((i % SIZE) / CELL);
  cells[cell * K + classes.indexOf(label)]! += 1 / CELL ** 2;
});
const noisy = cells.map((share) => 0.1 + 0.6 * share + 0.3 * stream.next());
const scores = await resizeBilinear(hostTensor(noisy, [side, side, K]), [SIZE, SIZE], { alignCorners: false });

// The preset is made for photos of about 500 pixels; this one has about a third of that.
const refined = await crf(image, scores, { ...PSA_CRF, scaleFactor: 3 });

const foreground = classes.slice(1);
const labels = [
  await argmaxLabels(scores, { classes: foreground }),
  await argmaxLabels(refined, { classes: foreground }),
];
for (const [i, name] of ['scores', 'CRF'].entries()) {
  const matrix = new ConfusionMatrix({ classes: 21 });
  await matrix.update(labels[i]!, mask);
  console.log(`${name.padEnd(7)} mean IoU ${(100 * matrix.meanIou()).toFixed(1)} %`);
}

const colours =
  ({ values }: HostTensor<Uint8Array>) =>
  (at: number, c: number) =>
    VOC_PALETTE[values[at]! * 3 + c]!;
const panels = [(at: number, c: number) => image.values[at * 3 + c]!, ...labels.map(colours)];
const gap = 6;
const width = SIZE * 3 + gap * 2;
const picture = new Uint8Array(SIZE * width * 3).fill(255);
for (const [p, colour] of panels.entries()) {
  for (let at = 0; at < SIZE * SIZE; at++) {
    const x = (at % SIZE) + p * (SIZE + gap);
    for (let c = 0; c < 3; c++) picture[(Math.floor(at / SIZE) * width + x) * 3 + c] = colour(at, c);
  }
}
const path = resolve(import.meta.dirname, '../out/crf.png');
await saveBytes(path, await encodePng(hostTensor(picture, [SIZE, width, 3])));
console.log(path);
