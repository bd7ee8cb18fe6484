import { join } from 'node:path';
import { hostTensor, random, VOC_CLASSES } from '@wsss/core';
import { encodePng, writeMask } from '@wsss/datasets';
import { saveBytes } from '@wsss/formats';

/** The classes of its photos, in turns. */
const SHOWN = [['cat'], ['dog'], ['cat', 'dog'], ['sheep']] as const;
const COLOURS: Readonly<Record<string, readonly number[]>> = {
  cat: [210, 80, 40],
  dog: [60, 90, 220],
  sheep: [240, 240, 230],
};

/** Writes a devkit of a few drawn photos: squares of a colour each class, on grass. */
export async function smallDevkit(root: string, count = 4, [h, w] = [120, 160] as const): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => `2007_00000${i + 1}`);
  const text = (value: string) => new TextEncoder().encode(value);
  for (const [i, id] of ids.entries()) {
    const draw = random(i);
    const shown = SHOWN[i % SHOWN.length]!;
    const image = new Uint8Array(h * w * 3);
    const mask = new Uint8Array(h * w);
    for (let p = 0; p < h * w; p++) image.set([60 + draw.integer(0, 30), 120 + draw.integer(0, 40), 50], p * 3);
    for (const [n, name] of shown.entries()) {
      const [top, left] = [20 + draw.integer(0, 20), 15 + 75 * n + draw.integer(0, 10)];
      for (let y = top; y < top + 55; y++) {
        for (let x = left; x < left + 55; x++) {
          image.set(COLOURS[name]!, (y * w + x) * 3);
          mask[y * w + x] = VOC_CLASSES.indexOf(name) + 1;
        }
      }
    }
    const objects = shown.map((name) => `<object><name>${name}</name></object>`).join('');
    await saveBytes(join(root, 'Annotations', `${id}.xml`), text(`<annotation>${objects}</annotation>\n`));
    // Read by its first bytes, not by its name.
    await saveBytes(join(root, 'JPEGImages', `${id}.jpg`), await encodePng(hostTensor(image, [h, w, 3])));
    await writeMask(join(root, 'SegmentationClass', `${id}.png`), hostTensor(mask, [h, w]));
  }
  for (const split of ['train', 'train_aug', 'val']) {
    await saveBytes(join(root, 'ImageSets/Segmentation', `${split}.txt`), text(`${ids.join('\n')}\n`));
  }
}
