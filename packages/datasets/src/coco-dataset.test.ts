import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FormatError, hostTensor } from '@wsss/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cocoDataset, encodePng, exportCoco, exportFolder, folderDataset, type Sample } from './index';

let home: string;
let count = 0;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wsss-coco-'));
});
afterAll(() => rm(home, { recursive: true }));

const photo = (h: number, w: number) => hostTensor(new Uint8Array(h * w * 3).fill(90), [h, w, 3]);

/** Two photos of 4 × 6 pixels and one without objects. */
const ANNOTATIONS = {
  images: [
    { id: 7, file_name: 'b.png', height: 4, width: 6 },
    { id: 3, file_name: 'a.png', height: 4, width: 6 },
    { id: 9, file_name: 'c.png', height: 2, width: 2 },
  ],
  // The ids have gaps, as COCO's.
  categories: [
    { id: 18, name: 'dog' },
    { id: 1, name: 'person' },
  ],
  annotations: [
    // The left three columns, and the middle ones of the same class: no conflict.
    { id: 1, image_id: 3, category_id: 1, segmentation: [[0, 0, 3, 0, 3, 4, 0, 4]] },
    { id: 2, image_id: 3, category_id: 1, segmentation: [[2, 0, 4, 0, 4, 2, 2, 2]] },
    // The right column, and one pixel of the first object: as runs down the columns.
    { id: 3, image_id: 3, category_id: 18, iscrowd: 1, segmentation: { size: [4, 6], counts: [0, 1, 19, 4] } },
    {
      id: 4,
      image_id: 7,
      category_id: 18,
      segmentation: [
        [0, 0, 1, 0, 1, 1, 0, 1],
        [5, 3, 6, 3, 6, 4, 5, 4],
      ],
    },
  ],
};

async function coco(annotations: unknown = ANNOTATIONS, split = 'val2017'): Promise<string> {
  const root = join(home, String(count++));
  const files = {
    [`annotations/instances_${split}.json`]:
      typeof annotations === 'string' ? annotations : JSON.stringify(annotations),
    [`${split}/a.png`]: await encodePng(photo(4, 6)),
    [`${split}/b.png`]: await encodePng(photo(4, 6)),
    [`${split}/c.png`]: await encodePng(photo(2, 2)),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

async function all(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const list: Sample[] = [];
  for await (const sample of samples) list.push(sample);
  return list;
}
const rows = ({ mask }: Sample) => {
  const [h, w] = mask!.shape as [number, number];
  return Array.from({ length: h }, (_, y) => [...mask!.values.subarray(y * w, (y + 1) * w)].join(' '));
};

describe('cocoDataset', () => {
  test('yields photos, labels and masks, with the categories in the order of their ids', async () => {
    const dataset = await cocoDataset(await coco());
    expect(dataset.classes).toEqual(['person', 'dog']);
    expect(dataset.ids).toEqual(['b', 'a', 'c']);
    const [b, a, c] = await all(dataset);
    expect([b!.labels, a!.labels, c!.labels]).toEqual([['dog'], ['person', 'dog'], []]);
    expect(await dataset.labels('a')).toEqual(['person', 'dog']);
    // One pixel of two classes is ignored.
    expect(rows(a!)).toEqual(['255 1 1 1 0 2', '1 1 1 1 0 2', '1 1 1 0 0 2', '1 1 1 0 0 2']);
    expect(rows(b!)).toEqual(['2 0 0 0 0 0', '0 0 0 0 0 0', '0 0 0 0 0 0', '0 0 0 0 0 2']);
    expect(rows(c!)).toEqual(['0 0', '0 0']);
    expect(a!.image.shape).toEqual([4, 6, 3]);
  });

  test('takes other names of files, and goes without masks', async () => {
    const root = await coco(ANNOTATIONS, 'mine');
    expect((await all(cocoDataset(root, { split: 'mine', masks: false }))).map(({ mask }) => mask)).toEqual(
      Array(3).fill(undefined),
    );
    const options = { annotations: 'annotations/instances_mine.json', images: 'mine' };
    expect((await cocoDataset(root, options)).length).toBe(3);
  });

  test.for([
    ['JSON', '{"images": ['],
    ["a list 'images'", { ...ANNOTATIONS, images: 3 }],
    ["a list 'categories'", { ...ANNOTATIONS, categories: undefined }],
    [
      '1 to 254 categories, each id and name once',
      {
        ...ANNOTATIONS,
        categories: [
          { id: 1, name: 'a' },
          { id: 2, name: 'a' },
        ],
      },
    ],
    ['annotations of its images', { ...ANNOTATIONS, annotations: [{ image_id: 1, category_id: 1, segmentation: [] }] }],
    [
      'annotations of its categories',
      { ...ANNOTATIONS, annotations: [{ image_id: 3, category_id: 2, segmentation: [] }] },
    ],
    ['each image once', { ...ANNOTATIONS, images: [...ANNOTATIONS.images, ANNOTATIONS.images[0]] }],
    [
      'polygons of at least three points for a.png',
      { ...ANNOTATIONS, annotations: [{ image_id: 3, category_id: 1, segmentation: [[1, 2, 3, 4]] }] },
    ],
    [
      'runs of size 4 × 6 for a.png',
      { ...ANNOTATIONS, annotations: [{ image_id: 3, category_id: 1, segmentation: { size: [6, 4], counts: [24] } }] },
    ],
    [
      'runs that fill the photo for a.png',
      { ...ANNOTATIONS, annotations: [{ image_id: 3, category_id: 1, segmentation: { size: [4, 6], counts: [25] } }] },
    ],
  ] as const)('refuses what is not %s', async ([expected, annotations]) => {
    const root = await coco(annotations);
    const error = await all(cocoDataset(root)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(expected);
    expect(error.message).toContain('instances_val2017.json');
  });

  test('names a photo that is missing, or of another size', async () => {
    const root = await coco();
    await writeFile(join(root, 'val2017/c.png'), await encodePng(photo(3, 2)));
    await expect(all(cocoDataset(root))).rejects.toThrow(/c\.png/);
    await rm(join(root, 'val2017/c.png'));
    await expect(all(cocoDataset(root))).rejects.toThrow(/a photo for 'c'/);
  });
});

describe('exporters', () => {
  const classes = ['person', 'dog'];
  const mask = hostTensor(Uint8Array.of(255, 1, 1, 0, 2, 0, 1, 1, 1, 0, 2, 2), [2, 6]);
  const samples = [
    { id: '10', image: photo(2, 6), mask },
    { id: '9', image: photo(2, 6), mask: hostTensor(new Uint8Array(12), [2, 6]) },
  ];

  test('exportFolder writes what folderDataset reads, in the same order', async () => {
    const root = join(home, String(count++));
    expect(await exportFolder(root, samples, { classes, split: 'val' })).toBe(2);
    const dataset = await folderDataset(root, { split: 'val' });
    expect(dataset.classes).toEqual(classes);
    const [one, two] = await all(dataset);
    expect([one!.id, two!.id]).toEqual(['10', '9']);
    expect([one!.labels, two!.labels]).toEqual([['person', 'dog'], []]);
    expect(one!.mask!.values).toEqual(mask.values);
    expect(one!.image.values).toEqual(samples[0]!.image.values);
    // A data set goes in as it is.
    const copy = join(home, String(count++));
    await exportFolder(copy, dataset, { classes });
    expect((await all(folderDataset(copy, { split: 'train' }))).map(({ mask }) => mask!.values)).toEqual(
      samples.map(({ mask }) => mask.values),
    );
  });

  test('exportCoco writes what cocoDataset reads', async () => {
    const root = join(home, String(count++));
    await exportFolder(root, samples, { classes });
    const path = join(root, 'annotations', 'instances_images.json');
    expect(await exportCoco(path, samples, { classes, extension: 'png' })).toBe(2);
    const json = JSON.parse(await readFile(path, 'utf8'));
    expect(json.annotations.map(({ area, bbox }: { area: number; bbox: number[] }) => [area, bbox])).toEqual([
      [5, [0, 0, 3, 2]],
      [3, [4, 0, 2, 2]],
    ]);
    const [one, two] = await all(cocoDataset(root, { split: 'images' }));
    // What is ignored is nobody's object.
    expect(one!.mask!.values).toEqual(mask.values.map((label) => (label === 255 ? 0 : label)));
    expect([one!.labels, two!.labels]).toEqual([['person', 'dog'], []]);
  });

  test('refuse what no reader could use', async () => {
    const root = join(home, String(count++));
    const folder = (given: object[], options: object = { classes }) =>
      exportFolder(root, given as never, options as never);
    await expect(folder([{ id: '../x', mask }])).rejects.toThrow(/an id that can name a file/);
    await expect(
      folder([
        { id: 'a', mask },
        { id: 'a', mask },
      ]),
    ).rejects.toThrow(/each id once/);
    await expect(folder([{ id: 'a' }])).rejects.toThrow(/a mask or labels/);
    await expect(folder([{ id: 'a', labels: ['cow'] }])).rejects.toThrow(/'cow'/);
    await expect(folder([{ id: 'a', mask }], { classes: ['person'] })).rejects.toThrow(/from 0 to 1, or 255/);
    await expect(folder([], { classes, split: '../x' })).rejects.toThrow(/`split`/);
    const json = (given: object[], options: object = { classes }) =>
      exportCoco(join(root, 'x.json'), given as never, options as never);
    await expect(json([{ id: 'a' }])).rejects.toThrow(/a mask/);
    await expect(
      json([
        { id: 'a', mask },
        { id: 'a', mask },
      ]),
    ).rejects.toThrow(/each id once/);
    await expect(json([{ id: 'a', mask }], { classes: ['person'] })).rejects.toThrow(/from 0 to 1, or 255/);
  });
});
