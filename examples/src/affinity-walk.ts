// npm run example affinity-walk -- [photo.jpg cams.npy]: maps of one's own, refined by a random walk.
//
// cams.npy is what PSA's and IRN's scripts save: a pickled dictionary of class (from 0) → map of the photo's size. Here
// cells are alike where their mean colours are; an AffinityNet's `predict` takes the place of that. Without arguments
// photo and maps are drawn: each thing is seen as a blot that misses half of it.
import { join, resolve } from 'node:path';
import { cellScores, PSA_WALK, pairAffinities, refineScores } from '@wsss/affinity';
import { useBackend } from '@wsss/backend';
import { addBackground, overlay } from '@wsss/cam';
import { argmaxLabels, type HostTensor, hostTensor, random } from '@wsss/core';
import { encodePng, readImage, writeMask } from '@wsss/datasets';
import { readStateDict, saveBytes } from '@wsss/formats';
import { ConfusionMatrix } from '@wsss/metrics';
import { CLASSES, scene } from './quickstart/scenes/scene';
import { channelOf } from './shared/channel-of';

/** Pixels per cell; AffinityNet's are of 8. */
const CELL = 4;

await useBackend('cpu');
const [file, cams] = process.argv.slice(2);
const { image, cam, classes, truth } = file && cams ? await read(file, cams) : drawn();

// Features of cells: mean colours, scaled so that 20 grey levels make an affinity of 1 / e.
const colours = await cellScores(image, { cell: CELL, padding: 'ignore' });
const alike = pairAffinities(
  hostTensor(
    colours.values.map((value) => value / 20),
    colours.shape,
  ),
);
const affinity = hostTensor((await alike.data()) as Float32Array, alike.shape);

const scored = addBackground(cam, { alpha: 4 });
const scores = hostTensor((await scored.data()) as Float32Array, scored.shape);
const refined = await refineScores(scores, affinity, {
  ...PSA_WALK,
  cell: CELL,
  onReport: ({ steps, applications, change }) =>
    console.log(`${steps} steps in ${applications} applications; one more would change ${change.toExponential(1)}`),
});

const out = resolve(import.meta.dirname, '../out/affinity-walk');
for (const [stage, maps] of Object.entries({ before: scores, after: refined })) {
  const mask = await argmaxLabels(maps, { classes });
  const [picture, map] = [join(out, `${stage}.png`), join(out, `${stage}-mask.png`)];
  await saveBytes(picture, await encodePng(await overlay(image, channelOf(maps, 1), { opacity: 0.7 })));
  await writeMask(map, mask);
  const matrix = new ConfusionMatrix({ classes: CLASSES.length + 1 });
  if (truth) await matrix.update(mask, truth);
  const found = mask.values.filter((label) => label !== 0).length / mask.values.length;
  const score = truth ? `  mean IoU ${(100 * matrix.meanIou()).toFixed(1)} %` : '';
  console.log(`${stage.padEnd(6)}  ${(100 * found).toFixed(1).padStart(4)} % foreground${score}  ${picture}  ${map}`);
}

interface Input {
  readonly image: HostTensor<Uint8Array>;
  /** `[h, w, classes.length]` */
  readonly cam: HostTensor;
  readonly classes: readonly number[];
  readonly truth?: HostTensor<Uint8Array>;
}

async function read(photo: string, file: string): Promise<Input> {
  const image = await readImage(photo);
  const [h, w] = image.shape as [number, number, number];
  const entries = [...(await readStateDict(file))];
  const maps = await Promise.all(entries.map(async ([, map]) => (await map.data()) as Float32Array));
  const C = maps.length;
  const values = Float32Array.from({ length: h * w * C }, (_, i) => maps[i % C]![Math.floor(i / C)]!);
  return { image, cam: hostTensor(values, [h, w, C]), classes: entries.map(([key]) => Number(key) + 1) };
}

function drawn(): Input {
  const { image, labels, mask } = scene(random(5), { id: 'drawn', size: 192 });
  const classes = labels.map((name) => CLASSES.indexOf(name) + 1);
  const C = classes.length;
  const cam = new Float32Array(192 * 192 * C);
  for (const [c, label] of classes.entries()) {
    const pixels = [...mask.values.keys()].filter((i) => mask.values[i] === label);
    // A blot around a place that lies within the thing: the median of its pixels.
    const centre = pixels[pixels.length >> 1]!;
    const size = Math.sqrt(pixels.length) / 2.5;
    for (let i = 0; i < 192 * 192; i++) {
      const far = Math.hypot(Math.floor(i / 192) - Math.floor(centre / 192), (i % 192) - (centre % 192));
      cam[i * C + c] = Math.exp(-((far / size) ** 2));
    }
  }
  return { image, cam: hostTensor(cam, [192, 192, C]), classes, truth: mask };
}
