import { join } from 'node:path';
import { hostTensor, random } from '@wsss/core';
import { encodePng } from '@wsss/datasets';
import { saveBytes } from '@wsss/formats';
import { CLASSES, type Scene, scene } from '../quickstart/scenes/scene';

/** A folder as people have them: photos, not all of one shape, a list of what is in them, and the names of the classes. */
export async function writeSceneFolder(folder: string, count: number, size: number): Promise<Scene[]> {
  const stream = random(5);
  const scenes = Array.from({ length: count }, (_, i) => scene(stream.fork(i), { id: `photo-${i}`, size }));
  const text = (name: string, lines: readonly string[]) =>
    saveBytes(join(folder, name), new TextEncoder().encode(`${lines.join('\n')}\n`));
  // Every third one loses a few rows.
  const cut = scenes.map((drawn, i) => (i % 3 === 2 ? top(drawn, size - 21) : drawn));
  for (const { id, image } of cut) await saveBytes(join(folder, 'images', `${id}.png`), await encodePng(image));
  await text('classes.txt', CLASSES);
  await text('labels.csv', ['photo,classes', ...cut.map(({ id, labels }) => `${id}.png,${labels.join(';')}`)]);
  return cut;
}

function top({ image, mask, ...rest }: Scene, rows: number): Scene {
  const width = image.shape[1]!;
  return {
    ...rest,
    image: hostTensor(image.values.slice(0, rows * width * 3), [rows, width, 3]),
    mask: hostTensor(mask.values.slice(0, rows * width), [rows, width]),
  };
}
