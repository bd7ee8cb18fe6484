// npm run example cam -- [photo.jpg]: where does a classifier see its classes? Writes a picture for each.
//
// Anything that gives features per cell can be the classifier. Here the features are the mean colours of 8 × 8 pixels,
// and the classes are "red", "green" and "blue"; a network's are used in the same way, through `classifierOf(network)`.
import { join, resolve } from 'node:path';
import { multiScaleCam, overlay } from '@wsss/cam';
import { type Classifier, hostTensor, hostValues, random } from '@wsss/core';
import { encodePng, readImage } from '@wsss/datasets';
import { saveBytes } from '@wsss/formats';
import { scene } from './quickstart/scenes/scene';
import { channelOf } from './shared/channel-of';

const CELL = 8;
const names = ['red', 'green', 'blue'];

const classifier: Classifier = {
  tap: 'colours',
  // A class looks for its own colour, and takes offence at the others.
  weights: hostTensor(Float32Array.of(1, -0.5, -0.5, -0.5, 1, -0.5, -0.5, -0.5, 1), [3, 3]),
  async features(image) {
    const pixels = await hostValues('features', 'image', image);
    const [h, w] = image.shape as [number, number, number];
    const [rows, columns] = [Math.ceil(h / CELL), Math.ceil(w / CELL)];
    const means = new Float32Array(rows * columns * 3);
    for (let i = 0; i < pixels.length; i++) {
      const [y, x] = [Math.floor(i / 3 / w), Math.floor(i / 3) % w];
      means[(Math.floor(y / CELL) * columns + Math.floor(x / CELL)) * 3 + (i % 3)]! += pixels[i]! / CELL ** 2;
    }
    return { colours: hostTensor(means, [rows, columns, 3]) };
  },
};

const file = process.argv[2];
const photo = file ? await readImage(file) : scene(random(3), { id: 'drawn', size: 192 }).image;
const cam = await multiScaleCam(classifier, photo, { classes: [1, 2, 3] });

const out = resolve(import.meta.dirname, '../out/cam');
for (const [channel, name] of names.entries()) {
  const map = channelOf(cam, channel);
  const strong = map.values.filter((value) => value > 0.5).length / map.values.length;
  const path = join(out, `${name}.png`);
  await saveBytes(path, await encodePng(await overlay(photo, map, { colormap: 'viridis', opacity: 0.7 })));
  console.log(`${name.padEnd(5)}  above one half in ${(100 * strong).toFixed(1).padStart(4)} % of the photo  ${path}`);
}
