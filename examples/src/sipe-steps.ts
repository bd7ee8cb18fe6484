// npm run example sipe-steps -- [photo.jpg] [y] [x]: SIPE step by step, a picture for each.
//
// Features say which colours small cells have, and the class is "violet": what a classifier that was trained on photos
// sees is used in the same way, through `classifierView`. Written are the photo's CAM, the structure map of one cell (by
// default the one that the classifier is surest of), the seeds, all cells and both prototypes in the plane in which the
// cells differ most, and IS-CAM; and all on one sheet. Where a map is low, the photo is dark and grey.
import { join, resolve } from 'node:path';
import {
  type HostTensor,
  hostTensor,
  hostValues,
  random,
  resizeBilinear,
  resizeNearest,
  type TensorLike,
} from '@wsss/core';
import { encodePng, readImage } from '@wsss/datasets';
import { saveBytes } from '@wsss/formats';
import { explorePrototypes, fuseIsCams, structureMap } from '@wsss/sipe';
import { scene } from './quickstart/scenes/scene';
import { channelOf } from './shared/channel-of';
import { COLOURS } from './shared/colours';
import { drawDots } from './shared/draw-dots';
import { lightUp } from './shared/light-up';
import { pictureSheet } from './shared/picture-sheet';
import { principalPlane } from './shared/principal-plane';

const CELL = 4;

/** The colours that cells are compared with: features say how near each is, as those of a network after its ReLU. */
const CENTRES = [32, 96, 160, 224].flatMap((r) =>
  [32, 96, 160, 224].flatMap((g) => [32, 96, 160, 224].map((b) => [r, g, b])),
);

/** What cells look like, and how violet each is. */
async function see(image: TensorLike): Promise<{ features: HostTensor; maps: HostTensor }> {
  const pixels = await hostValues('see', 'image', image);
  const [h, w] = [Math.floor(image.shape[0]! / CELL), Math.floor(image.shape[1]! / CELL)];
  const colours = new Float32Array(h * w * 3);
  for (let y = 0; y < h * CELL; y++) {
    for (let x = 0; x < w * CELL; x++) {
      const cell = Math.floor(y / CELL) * w + Math.floor(x / CELL);
      for (let c = 0; c < 3; c++) colours[cell * 3 + c]! += pixels[(y * image.shape[1]! + x) * 3 + c]! / CELL ** 2;
    }
  }
  const features = new Float32Array(h * w * CENTRES.length);
  const maps = new Float32Array(h * w);
  for (let i = 0; i < h * w; i++) {
    const [r, g, b] = colours.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    maps[i] = (r + b) / 2 - g - 25;
    for (const [f, centre] of CENTRES.entries()) {
      const squares = (r - centre[0]!) ** 2 + (g - centre[1]!) ** 2 + (b - centre[2]!) ** 2;
      features[i * CENTRES.length + f] = Math.exp(-squares / (2 * 35 ** 2));
    }
  }
  return { features: hostTensor(features, [h, w, CENTRES.length]), maps: hostTensor(maps, [h, w, 1]) };
}

const [file, y, x] = process.argv.slice(2);
const photo = file ? await readImage(file) : scene(random(3), { id: 'drawn', size: 192 }).image;
const size = photo.shape.slice(0, 2) as [number, number];
const { features, maps } = await see(photo);
const [h, w, F] = features.shape as [number, number, number];
const steps = await explorePrototypes({ maps, structure: features, prototype: features }, { classes: [1] });

const surest = maps.values.indexOf(Math.max(...maps.values));
const cell: [number, number] =
  y && x ? [Math.floor(+y / CELL), Math.floor(+x / CELL)] : [Math.floor(surest / w), surest % w];
const alike = await structureMap(features, { cell });
const isCam = await fuseIsCams([steps.isCam], { size });

// A small photo is shown larger.
const times = Math.max(1, Math.floor(480 / Math.max(...size)));
const shownSize: [number, number] = [size[0] * times, size[1] * times];
const shown = await resizeNearest(hostTensor(Uint8Array.from(photo.values), photo.shape), shownSize);
const out = resolve(import.meta.dirname, '../out/sipe-steps');
const pictures: HostTensor<Uint8Array>[] = [shown];
const save = async (name: string, what: string, picture: HostTensor<Uint8Array>) => {
  const path = join(out, `${name}.png`);
  await saveBytes(path, await encodePng(picture));
  console.log(`${what.padEnd(64)}  ${path}`);
  pictures.push(picture);
};
const lit = async (map: HostTensor) => lightUp(shown, await resizeBilinear(map, shownSize));
const share = (map: HostTensor) =>
  `${((100 * map.values.filter((v) => v > 0.5).length) / map.values.length).toFixed(1)} %`;

const cam = await resizeBilinear(channelOf(steps.cam, 1), size);
await save('cam', `CAM: where it looks violet, above one half in ${share(cam)}`, await lit(cam));
await save(
  'structure',
  `structure: cells like the framed one at ${cell}, ${share(alike)}`,
  framed(await lit(alike), cell, CELL * times),
);
const coloured = Uint8Array.from([...steps.seeds.values].flatMap((seed) => COLOURS[seed] ?? COLOURS[0]));
const flat = await resizeNearest(hostTensor(coloured, [h, w, 3]), shownSize);
const tinted = flat.values.map((value, i) => Math.round(0.65 * value + 0.35 * shown.values[i]!));
await save('seeds', 'seeds: the class blue, the background dark', hostTensor(tinted, shown.shape));
const project = principalPlane(features);
const dots = [...steps.seeds.values].map((seed, i) => ({
  at: project(features.values.subarray(F * i, F * i + F)),
  colour: COLOURS[seed] ?? COLOURS[0],
  radius: 2,
  seed,
}));
// The few of the class on top.
dots.sort((a, b) => a.seed - b.seed);
// A prototype is divided by all cells; its direction is what counts.
const own = [0, 1].map((k) => {
  const vector = steps.prototypes.values.subarray(F * k, F * k + F);
  const cells = steps.seeds.values.filter((seed) => seed === k).length || 1;
  return { at: project(vector.map((value) => (value * h * w) / cells)), colour: COLOURS[k]!, radius: 9 };
});
const drawn = drawDots([...dots, ...own], Math.min(...shownSize));
await save('prototypes', 'a dot per cell, the two prototypes ringed, projected', drawn);
const specific = channelOf(isCam, 1);
await save('is-cam', `IS-CAM: where it is like the class, above one half in ${share(specific)}`, await lit(specific));
await save('steps', 'the photo, and all of these', pictureSheet(pictures, 3));

/** With a white frame around a cell, and a black one around that. */
function framed({ values, shape }: HostTensor<Uint8Array>, [row, column]: [number, number], side: number) {
  const picture = values.slice();
  const [height, width] = shape as [number, number];
  for (let y = row * side - 5; y < (row + 1) * side + 5; y++) {
    for (let x = column * side - 5; x < (column + 1) * side + 5; x++) {
      if (y < 0 || x < 0 || y >= height || x >= width) continue;
      const away = Math.max(row * side - y, y - (row + 1) * side + 1, column * side - x, x - (column + 1) * side + 1);
      if (away > 0) picture.fill(away > 3 ? 0 : 255, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return hostTensor(picture, shape);
}
