import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FormatError, hostTensor, ValueError, VOC_CLASSES } from '@wsss/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classIndices, encodePng, folderDataset, readMask, type Sample, vocDataset, writeMask } from './index';

let home: string;
let count = 0;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wsss-datasets-'));
});
afterAll(() => rm(home, { recursive: true }));

const fixtures = new URL('../fixtures/', import.meta.url);
const jpeg = (name: string) => readFile(new URL(`${name}.jpg`, fixtures));
/** A mask of these labels, repeated to fill it. */
const mask = (height: number, width: number, labels: number[]) =>
  hostTensor(
    Uint8Array.from({ length: height * width }, (_, i) => labels[i % labels.length]!),
    [height, width],
  );

async function files(contents: Record<string, string | Uint8Array>): Promise<string> {
  const root = join(home, String(count++));
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Two photos with masks, in plain folders. */
async function plain(more: Record<string, string | Uint8Array> = {}): Promise<string> {
  const root = await files({
    'images/a.jpg': await jpeg('ycc-420'), // 37 × 29
    'images/b.png': await encodePng(mask(4, 6, [9])),
    'images/.DS_Store': 'x',
    'labels.json': JSON.stringify({ a: ['cat', 'sofa'], b: [] }),
    'train.txt': 'a\nb\n',
    'val.txt': 'b',
    ...more,
  });
  await writeMask(join(root, 'masks/a.png'), mask(29, 37, [0, 8, 18, 255]));
  return root;
}

async function all(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const list: Sample[] = [];
  for await (const sample of samples) list.push(sample);
  return list;
}

async function refused(samples: AsyncIterable<Sample>, message: RegExp): Promise<void> {
  const error = await all(samples).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  expect(error.message).toMatch(message);
}

describe('folderDataset', () => {
  test('photos, labels and masks, in the order of the list', async () => {
    const data = await folderDataset(await plain(), { split: 'train' });
    expect(data).toMatchObject({ length: 2, ids: ['a', 'b'], classes: VOC_CLASSES });
    const [a, b] = await all(data);
    expect(a).toMatchObject({ id: 'a', labels: ['cat', 'sofa'], image: { shape: [29, 37, 3], dtype: 'uint8' } });
    expect([...a!.mask!.values.subarray(0, 5)]).toEqual([0, 8, 18, 255, 0]);
    expect(b).toMatchObject({ id: 'b', labels: [], image: { shape: [4, 6, 3] } });
    expect(b).not.toHaveProperty('mask');
    expect(b!.image.values.every((value) => value === 9)).toBe(true);
    expect(await data.get('b')).toEqual({ ...b, image: { ...b!.image, data: expect.any(Function) } });
    expect(await data.labels('a')).toEqual(['cat', 'sofa']);
  });

  test('without awaiting, from a file URL, every photo by name', async () => {
    const root = pathToFileURL(await plain());
    expect((await all(folderDataset(root))).map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await all(folderDataset(root.href, { split: 'val.txt' }))).map(({ id }) => id)).toEqual(['b']);
  });

  test('labels from the masks, when there is no file', async () => {
    const root = await plain();
    await rm(join(root, 'labels.json'));
    await writeMask(join(root, 'masks/b.png'), mask(4, 6, [0, 255]));
    const data = await folderDataset(root);
    expect(await data.labels('a')).toEqual(['cat', 'sofa']);
    expect((await all(data)).map(({ labels }) => labels)).toEqual([['cat', 'sofa'], []]);
  });

  test.each([
    ['id,labels\na.jpg,cat;sofa\nb,\n', 'a header, several names in a cell'],
    ['a,cat,sofa\r\nb\r\n', 'a cell for each name'],
    ['a,cat\nb\na,"sofa"\na,cat\n', 'an id over several lines'],
    ['\ufeffphoto,dog,cat,sofa\na,0,1,1\nb,0,0,0\n', 'a table'],
    ['a\tcat\tsofa\nb\n', 'tabs'],
  ])('labels from %j: %s', async (csv) => {
    const root = await plain({ 'labels.csv': csv });
    const data = await folderDataset(root, { labels: 'labels.csv' });
    expect(await data.labels('a')).toEqual(['cat', 'sofa']);
    expect(await data.labels('b')).toEqual([]);
  });

  test('labels that are given, or none; masks left aside; one’s own classes and folders', async () => {
    const root = await plain({ 'photos/x.jpeg': await jpeg('grey'), 'classes.txt': 'zebra\nfern\n' });
    await writeMask(join(root, 'truth/x.png'), mask(14, 25, [2]));
    const own = await folderDataset(root, { images: 'photos', masks: 'truth', labels: { x: ['fern'] } });
    expect(own.classes).toEqual(['zebra', 'fern']);
    expect(await all(own)).toMatchObject([{ id: 'x', labels: ['fern'], mask: { shape: [14, 25] } }]);
    const bare = await folderDataset(root, { images: 'photos', masks: false, labels: false, classes: ['x y'] });
    expect(bare.classes).toEqual(['x y']);
    expect((await all(bare))[0]).toEqual({ id: 'x', labels: [], image: expect.anything() });
  });

  test('from the files of a folder dialog', async () => {
    const root = await plain();
    const given: File[] = [];
    for (const path of await readdir(root, { recursive: true })) {
      if (!/\.(jpg|png|json|txt)$/.test(path)) continue;
      const file = new File([await readFile(join(root, path))], path.split('/').at(-1)!);
      given.push(Object.assign(file, { webkitRelativePath: `chosen/${path}` }));
    }
    const [a] = await all(folderDataset(given, { split: 'train' }));
    expect(a).toMatchObject({ id: 'a', labels: ['cat', 'sofa'], mask: { shape: [29, 37] } });
    await refused(folderDataset(given, { split: 'test' }), /^test\.txt: expected a file among those given/);
  });

  test('from a URL', async () => {
    const root = await plain({ 'all.txt': 'a' });
    const server = createServer(async (request, response) => {
      const body = await readFile(join(root, request.url!)).catch(() => undefined);
      response.writeHead(body ? 200 : 404).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const data = folderDataset(url, { split: 'all', labels: 'labels.json' });
      expect(await all(data)).toMatchObject([{ id: 'a', labels: ['cat', 'sofa'], mask: { shape: [29, 37] } }]);
      await expect(folderDataset(url)).rejects.toThrow(/`split` to name a list.*\n.*cannot be listed/);
      await refused(folderDataset(url, { split: 'none' }), /\/none\.txt: expected a file to download, got status 404/);
    } finally {
      server.close();
    }
  });

  const faults: [string, Record<string, string | Uint8Array>, Parameters<typeof folderDataset>[1], RegExp][] = [
    ['no list', {}, { split: 'test' }, /test\.txt: .* no such file/],
    ['an empty list', { 'test.txt': '\n \n' }, { split: 'test' }, /test\.txt: expected a list of ids/],
    ['an id twice', { 'test.txt': 'a\nb\na' }, { split: 'test' }, /test\.txt: .*'a' again in line 3/],
    ['a list of labels', { 'test.txt': 'a -1' }, { split: 'test' }, /test\.txt: expected one id in line 1, got 'a -1'/],
    [
      'a missing photo',
      { 'test.txt': 'a\nc\nd' },
      { split: 'test' },
      /images\/c\.jpg: expected a photo for 'c'.*1 more/,
    ],
    ['no photos', {}, { images: 'none' }, /none: expected a folder of/],
    [
      'two photos of one id',
      { 'images/a.png': 'x' },
      {},
      /images\/a\.jpg: expected one file for each id, got also a\.png/,
    ],
    [
      'an unknown class',
      { 'labels.json': '{"a":["cat","catt"],"b":[]}' },
      {},
      /labels\.json: .* 'a', got 'catt'.\nClasses are aero/,
    ],
    ['an unknown class of a CSV', { 'l.csv': 'a,lion\nb' }, { labels: 'l.csv' }, /l\.csv: .* 'a', got 'lion'/],
    ['an unknown column', { 'l.csv': 'id,lion\na,1\nb,0' }, { labels: 'l.csv' }, /l\.csv: .* the columns.*'lion'/],
    [
      'a short line',
      { 'l.csv': 'id,cat,dog\na,1\nb,0,0' },
      { labels: 'l.csv' },
      /l\.csv: expected 3 cells in line 2, got 2/,
    ],
    ['an unknown class among those given', {}, { labels: { a: ['lion'], b: [] } }, /labels: .*'lion'/],
    [
      'a photo without labels',
      { 'labels.json': '{"a":["cat"]}' },
      {},
      /labels\.json: expected labels for 'b', got none/,
    ],
    [
      'labels that are no list',
      { 'labels.json': '{"a":"cat"}' },
      {},
      /labels\.json: expected a list of class names for 'a'/,
    ],
    ['labels that are no object', { 'labels.json': '[]' }, {}, /labels\.json: expected an object/],
    ['labels cut short', { 'labels.json': '{"a":["ca' }, {}, /labels\.json: expected JSON/],
    ['a missing label file', {}, { labels: 'l.json' }, /l\.json: .* no such file/],
    ['neither labels nor a mask', {}, { labels: 'masks' }, /masks\/b\.png: expected a mask to take labels from/],
    ['a mask of another size', { 'masks/b.png': '' }, {}, /masks\/b\.png: expected an indexed PNG, got no PNG/],
    ['a class name twice', { 'classes.txt': 'a\na' }, {}, /classes\.txt: .* each once/],
    ['a mask of more classes', {}, { classes: ['cat', 'sofa'] }, /masks\/a\.png: .* from 0 to 2, or 255, got 8/],
    [
      'a photo cut short',
      { 'images/b.png': Uint8Array.of(0xff, 0xd8, 0xff) },
      {},
      /images\/b\.png: expected the JPEG's end marker/,
    ],
  ];
  test.each(faults)('%s', async (_, more, options, message) =>
    refused(folderDataset(await plain(more), options), message),
  );

  test('a mask of another size than its photo, and one of a photo that EXIF turns', async () => {
    const root = await plain();
    await writeMask(join(root, 'masks/b.png'), mask(5, 6, [0]));
    await refused(
      folderDataset(root),
      /masks\/b\.png: expected a mask of 6 × 4 pixels, as .*images\/b\.png has, got 6 × 5/,
    );
    await writeMask(join(root, 'masks/b.png'), mask(6, 4, [0]));
    await refused(folderDataset(root), /got 4 × 6.\nIs the photo turned by its EXIF/);
  });

  test('arguments that make no sense', async () => {
    const root = await plain();
    await expect(folderDataset(7 as unknown as string)).rejects.toThrow(ValueError);
    await expect(folderDataset('')).rejects.toThrow(ValueError);
    await expect(folderDataset([7 as unknown as File])).rejects.toThrow(ValueError);
    await expect(folderDataset(root, { classes: [] })).rejects.toThrow('1 to 254 names');
    await expect(folderDataset(root, { classes: ['a', 'a'] })).rejects.toThrow('each once');
    await expect((await folderDataset(root)).get('z')).rejects.toThrow(
      'folderDataset.get: expected `id` to be one of 2',
    );
    await expect((await folderDataset(root)).labels('z')).rejects.toThrow(ValueError);
  });
});

/** A devkit of two photos. */
async function devkit(more: Record<string, string | Uint8Array> = {}): Promise<string> {
  const root = await files({
    'JPEGImages/2007_000001.jpg': await jpeg('ycc-444'), // 20 × 20
    'JPEGImages/2007_000002.jpg': await jpeg('rgb'), // 19 × 21
    'ImageSets/Segmentation/train.txt': '2007_000001\n2007_000002\n',
    'ImageSets/Segmentation/train_aug.txt': '/JPEGImages/2007_000002.jpg /SegmentationClassAug/2007_000002.png\n',
    'Annotations/2007_000001.xml': `<annotation>
      <object><name>sofa</name><difficult>1</difficult></object>
      <object><part><name>head</name></part><name>person</name><part><name>foot</name></part></object>
      <object><name>person</name></object>
    </annotation>\n`,
    ...more,
  });
  await writeMask(join(root, 'SegmentationClass/2007_000001.png'), mask(20, 20, [0, 15, 255]));
  await writeMask(join(root, 'SegmentationClassAug/2007_000001.png'), mask(20, 20, [1]));
  await writeMask(join(root, 'SegmentationClassAug/2007_000002.png'), mask(21, 19, [0, 12]));
  return root;
}

describe('vocDataset', () => {
  test('labels from annotations, else from the mask; masks of the devkit before the augmented ones', async () => {
    const data = await vocDataset(await devkit());
    expect(data.ids).toEqual(['2007_000001', '2007_000002']);
    const [first, second] = await all(data);
    expect(first).toMatchObject({ labels: ['person', 'sofa'], image: { shape: [20, 20, 3] } });
    expect([...first!.mask!.values.subarray(0, 3)]).toEqual([0, 15, 255]);
    expect(second).toMatchObject({ labels: ['dog'], mask: { shape: [21, 19] } });
    expect(await data.labels('2007_000002')).toEqual(['dog']);
  });

  test('labels of cls_labels.npy', async () => {
    const labels = await readFile(new URL('cls_labels.npy', fixtures));
    const root = await devkit({ 'cls_labels.npy': labels });
    const data = await vocDataset(root, { labels: 'cls_labels.npy', classes: ['x', 'y', 'z'], masks: false });
    expect(await data.labels('2007_000001')).toEqual(['y', 'z']);
    expect(await data.labels('2007_000002')).toEqual([]);
    await refused(
      vocDataset(root, { labels: 'cls_labels.npy' }),
      /cls_labels\.npy: expected 20 numbers for '2007000001', one a class, got \[3\]/,
    );
  });

  test('PSA’s lists, labels of the masks, a folder of masks, no masks', async () => {
    const root = await devkit({ 'aug.json': '{"2007_000002":["cat"]}' });
    expect((await all(vocDataset(root, { split: 'train_aug' }))).map(({ id }) => id)).toEqual(['2007_000002']);
    const fromMasks = await vocDataset(root, { labels: 'masks' });
    expect(await fromMasks.labels('2007_000001')).toEqual(['person']);
    const augmented = await vocDataset(root, { labels: 'masks', masks: 'SegmentationClassAug' });
    expect(await augmented.labels('2007_000001')).toEqual(['aeroplane']);
    const listed = { split: 'ImageSets/Segmentation/train_aug.txt', labels: 'aug.json', masks: false } as const;
    expect(await all(vocDataset(root, listed))).toEqual([
      { id: '2007_000002', labels: ['cat'], image: expect.anything() },
    ]);
    expect((await all(vocDataset(root, { labels: false })))[0]!.labels).toEqual([]);
  });

  const faults: [string, Record<string, string | Uint8Array>, Parameters<typeof vocDataset>[1], RegExp][] = [
    ['no list', {}, { split: 'val' }, /ImageSets\/Segmentation\/val\.txt: .* no such file/],
    [
      'a missing photo',
      { 'v.txt': '2009_1' },
      { split: 'v.txt' },
      /JPEGImages\/2009_1\.jpg: expected a photo for '2009_1'/,
    ],
    ['no annotation, on demand', {}, { labels: 'annotations' }, /Annotations\/2007_000002\.xml: .* no such file/],
    [
      'an annotation cut short',
      { 'Annotations/2007_000001.xml': '<annotation><object><na' },
      {},
      /000001\.xml: expected an <annotation>/,
    ],
    [
      'an object without a name',
      { 'Annotations/2007_000001.xml': '<annotation><object></object></annotation>' },
      {},
      /000001\.xml: expected a name for every/,
    ],
    [
      'an unknown class',
      { 'Annotations/2007_000001.xml': '<annotation><object><name>lion</name></object></annotation>' },
      {},
      /000001\.xml: .*'lion'/,
    ],
    ['neither annotation nor mask', {}, { masks: false }, /Annotations\/2007_000002\.xml: expected labels, got none/],
  ];
  test.each(faults)('%s', async (_, more, options, message) =>
    refused(vocDataset(await devkit(more), options), message),
  );

  test('a root that is not the devkit’s', async () => {
    await refused(
      vocDataset(home),
      /JPEGImages: expected a folder of photos, got none.\nThe root is the folder that holds/,
    );
  });
});

test('classIndices counts from 1', () => {
  expect(classIndices(['cat', 'dog', 'aeroplane'], VOC_CLASSES)).toEqual([8, 12, 1]);
  expect(() => classIndices(['lion'], VOC_CLASSES)).toThrow(ValueError);
});

test('a mask that cannot be written leaves the old one, and nothing else', async () => {
  const path = join(home, 'kept/mask.png');
  await writeMask(path, mask(2, 2, [7]));
  await expect(writeMask(path, hostTensor(Float32Array.of(0.5), [1, 1]))).rejects.toThrow(ValueError);
  expect((await readMask(path)).values).toEqual(Uint8Array.of(7, 7, 7, 7));
  expect(await readdir(dirname(path))).toEqual(['mask.png']);
});

const real = new URL('../../../../shared/data/voc-mini/', import.meta.url);
describe.skipIf(!existsSync(real))('voc-mini of ../shared/data, where it is', () => {
  test('every label of val equals what its mask shows', async () => {
    const data = await folderDataset(real, { split: 'val' });
    const masks = await folderDataset(real, { split: 'val', labels: 'masks' });
    expect(data.length).toBe(156);
    expect((await folderDataset(real, { split: 'train' })).length).toBe(294);
    for (const id of data.ids) expect(new Set(await masks.labels(id))).toEqual(new Set(await data.labels(id)));
    expect(await data.get(data.ids[0]!)).toMatchObject({ id: data.ids[0], mask: { dtype: 'uint8' } });
  });

  test('as a devkit', async () => {
    const root = join(home, 'voc');
    const id = '2007_000123';
    await cp(new URL(`images/${id}.jpg`, real), join(root, `JPEGImages/${id}.jpg`));
    await cp(new URL(`masks/${id}.png`, real), join(root, `SegmentationClassAug/${id}.png`));
    await mkdir(join(root, 'ImageSets/Segmentation'), { recursive: true });
    await writeFile(join(root, 'ImageSets/Segmentation/val.txt'), id);
    expect(await all(vocDataset(root, { split: 'val' }))).toMatchObject([{ id, labels: ['train'] }]);
  });
});
