import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argmaxLabels, type HostTensor, hostTensor, random, resizeBilinear } from '@wsss/core';
import { type CrfPreset, crf, DEEPLAB_CRF, IRN_CRF, PSA_CRF } from '@wsss/crf';
import { readImage, readMask } from '@wsss/datasets';
import { ConfusionMatrix } from '@wsss/metrics';

// What the option `scale` costs and saves, on photos with masks (a folder of images/, masks/ and val.txt):
// node --import tsx --conditions=@wsss/source src/crf/scale.ts FOLDER [photos] [all]
// With `all`, the scores have all 21 channels, as a segmentation network's; else those of the classes in the photo.
// Scores are made from the masks: shares of cells of 16 × 16 pixels, noise on top, and smoothly back to the photo's size.
const [folder, count = '24', all] = process.argv.slice(2);
if (!folder) throw new Error('which folder? It needs images/, masks/ and val.txt.');
const ids = readFileSync(join(folder, 'val.txt'), 'utf8').trim().split('\n').slice(0, Number(count));
const scales = [1, 0.5, 0.25];
const presets: Record<string, CrfPreset> = { PSA_CRF, IRN_CRF, DEEPLAB_CRF };

/** Blurred, noisy shares of the classes in a mask, `[h, w, K]`. */
async function coarseScores(mask: HostTensor<Uint8Array>, classes: readonly number[], seed: number) {
  const [h, w] = mask.shape as [number, number];
  const K = classes.length;
  const [rows, columns] = [Math.ceil(h / 16), Math.ceil(w / 16)];
  const stream = random(seed);
  const cells = new Float32Array(rows * columns * K);
  mask.values.forEach((label, i) => {
    const cell = Math.floor(Math.floor(i / w) / 16) * columns + Math.floor((i % w) / 16);
    const c = classes.indexOf(label === 255 ? 0 : label);
    cells[cell * K + c]! += 1 / 256;
  });
  const noisy = cells.map((share) => 0.05 + 0.6 * share + 0.35 * stream.next());
  const up = await resizeBilinear(hostTensor(noisy, [rows, columns, K]), [h, w], { alignCorners: false });
  return up;
}

const unrefined = new ConfusionMatrix({ classes: 21 });
const results = new Map<
  string,
  { matrix: ConfusionMatrix; same: number; pixels: number; cpu: number; photos: number }
>();
for (const [index, id] of ids.entries()) {
  const image = await readImage(join(folder, 'images', `${id}.jpg`));
  const mask = await readMask(join(folder, 'masks', `${id}.png`));
  const seen = new Set([0, ...mask.values.filter((label) => label !== 255)]);
  const classes = all ? Array.from({ length: 21 }, (_, c) => c) : [...seen].sort((a, b) => a - b);
  const scores = await coarseScores(mask, classes, index);
  const foreground = classes.slice(1);
  await unrefined.update(await argmaxLabels(scores, { classes: foreground }), mask);
  for (const [name, preset] of Object.entries(presets)) {
    let full: Uint8Array | undefined;
    for (const scale of scales) {
      const key = `${name.padEnd(11)}  ${scale}`;
      const found = results.get(key) ?? {
        matrix: new ConfusionMatrix({ classes: 21 }),
        same: 0,
        pixels: 0,
        cpu: 0,
        photos: 0,
      };
      results.set(key, found);
      const before = process.cpuUsage();
      const refined = await crf(image, scores, preset, { scale, threads: 1 });
      const { user, system } = process.cpuUsage(before);
      const labels = await argmaxLabels(refined, { classes: foreground });
      await found.matrix.update(labels, mask);
      full ??= labels.values;
      found.same += labels.values.reduce((sum, label, i) => sum + (label === full![i] ? 1 : 0), 0);
      found.pixels += labels.values.length;
      // The first photos warm up.
      if (index >= 2) {
        found.cpu += (user + system) / 1000;
        found.photos++;
      }
    }
  }
}
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log(`${ids.length} photos; mean IoU of the scores themselves ${percent(unrefined.meanIou())}`);
console.log('preset       scale   mean IoU   same label as at scale 1   ms of the processor');
for (const [key, { matrix, same, pixels, cpu, photos }] of results) {
  const cells = [
    percent(matrix.meanIou()).padStart(9),
    percent(same / pixels).padStart(26),
    (cpu / photos).toFixed(0).padStart(21),
  ];
  console.log(`${key.padEnd(18)}${cells.join(' ')}`);
}
