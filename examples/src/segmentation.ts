// npm run example segmentation -- [epochs]: a small network learns masks of drawn scenes; the labels of a scene say which
// classes may be in its mask (the gate), a dense CRF where they end. Writes one picture: scenes, their masks, what the
// network says, the same gated, the same after the CRF.
import { resolve } from 'node:path';
import { useBackend } from '@wsss/backend';
import { argmaxLabels, type HostTensor, hostTensor, random, VOC_PALETTE } from '@wsss/core';
import { crf, PSA_CRF } from '@wsss/crf';
import { encodePng } from '@wsss/datasets';
import { saveBytes } from '@wsss/formats';
import { ConfusionMatrix } from '@wsss/metrics';
import { compactSegmentation, gateByClassifier, predict } from '@wsss/segmentation';
import { trainSegmentation } from '@wsss/segmentation/train';
import { progressBar } from '@wsss/train';
import { CLASSES, scene } from './quickstart/scenes/scene';
import { smallNetwork } from './quickstart/small-network';

const [SIZE, SCENES, SHOWN] = [96, 160, 6];
const EPOCHS = Number(process.argv[2] ?? 30);
const scenes = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => scene(random(3).fork(name).fork(i), { id: `${name} ${i}`, size: SIZE }));

await useBackend('wasm');
const backbone = smallNetwork({ classes: CLASSES.length, seed: 1 });
const network = compactSegmentation(backbone, {
  classes: CLASSES.length + 1,
  width: 48,
  hidden: 64,
  dilations: [2, 4],
});
await trainSegmentation(network, {
  items: scenes('training', SCENES),
  load: ({ image, mask }) => ({ image, labels: mask }),
  epochs: EPOCHS,
  learningRate: 5e-3,
  headMultiplier: 1,
  augmentation: { scale: [0.8, 1.25], flip: 0.5, jitter: { brightness: 0.2, contrast: 0.2 }, crop: SIZE },
  onProgress: progressBar({ label: 'segmentation' }),
});

const STEPS = ['network', '+ gate', '+ CRF'] as const;
const scores = STEPS.map(() => new ConfusionMatrix({ classes: CLASSES.length + 1 }));
const rows: HostTensor<Uint8Array>[][] = [];
for (const { image, mask, labels } of scenes('held out', 24)) {
  const plain = await predict(network, image);
  const gated = await gateByClassifier(
    plain,
    CLASSES.map((name) => (labels.includes(name) ? 1 : 0)),
  );
  // The preset is made for photos of about 500 pixels; these have about a fifth of that.
  const refined = await crf(image, gated, { ...PSA_CRF, scaleFactor: 5 });
  const found = await Promise.all([plain, gated, refined].map((maps) => argmaxLabels(maps)));
  for (const [i, matrix] of scores.entries()) await matrix.update(found[i]!, mask);
  if (rows.length < SHOWN) rows.push([image, mask, ...found]);
}
for (const [i, step] of STEPS.entries()) {
  console.log(`${step.padEnd(8)} mean IoU ${(100 * scores[i]!.meanIou()).toFixed(1)} %`);
}

const gap = 4;
const [width, height] = [SHOWN * (SIZE + gap) - gap, 5 * (SIZE + gap) - gap];
const picture = new Uint8Array(width * height * 3).fill(255);
for (const [column, panels] of rows.entries()) {
  for (const [row, { values, shape }] of panels.entries()) {
    for (let at = 0; at < SIZE * SIZE; at++) {
      const [y, x] = [Math.floor(at / SIZE) + row * (SIZE + gap), (at % SIZE) + column * (SIZE + gap)];
      for (let c = 0; c < 3; c++) {
        picture[(y * width + x) * 3 + c] = shape.length === 3 ? values[at * 3 + c]! : VOC_PALETTE[values[at]! * 3 + c]!;
      }
    }
  }
}
const path = resolve(import.meta.dirname, '../out/segmentation.png');
await saveBytes(path, await encodePng(hostTensor(picture, [height, width, 3])));
console.log(path);
