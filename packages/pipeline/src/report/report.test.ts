import { hostTensor, ShapeError, ValueError } from '@wsss/core';
import { decodeImage, decodeIndexedPng } from '@wsss/datasets';
import { describe, expect, test } from 'vitest';
import type { ReportContent, ReportSection } from './content';
import { report } from './report';

const photo = hostTensor(
  Uint8Array.from({ length: 4 * 6 * 3 }, (_, i) => (i * 7) % 256),
  [4, 6, 3],
);
const labels = hostTensor(
  Uint8Array.from({ length: 24 }, (_, i) => [0, 3, 255][i % 3]!),
  [4, 6],
);
const map = hostTensor(
  Float32Array.from({ length: 24 }, (_, i) => i / 24),
  [4, 6],
);

const pageOf = (...sections: ReportSection[]) => report({ title: 'A page', sections });

/** The bytes of the pictures of a page, in order. */
const pngsOf = (page: string) =>
  [...page.matchAll(/src="data:image\/png;base64,([^"]*)"/g)].map(
    ([, data]) => new Uint8Array(Buffer.from(data!, 'base64')),
  );

const every: ReportContent = {
  title: 'All kinds of sections',
  subtitle: 'One of each.',
  facts: ['a fact'],
  sections: [
    { type: 'figures', title: 'Figures', figures: [{ label: 'mIoU', value: 0.4567, format: 'percent', note: 'of 3' }] },
    { type: 'table', title: 'Table', columns: [{ label: 'Class' }, { label: 'IoU' }], rows: [{ cells: ['cat', 0.5] }] },
    {
      type: 'curves',
      title: 'Curves',
      charts: [
        {
          title: 'Loss',
          xLabel: 'step',
          yLabel: 'loss',
          series: [
            {
              name: 'train',
              points: [
                [0, 1],
                [1, 0.5],
                [2, 0.25],
              ],
              smooth: 2,
            },
          ],
          mark: { x: 1, label: 'here' },
        },
      ],
    },
    {
      type: 'images',
      title: 'Images',
      legend: [{ label: 'cat', colour: [1, 2, 3] }],
      rows: [
        {
          caption: 'photo-1',
          pictures: [
            { image: photo, caption: 'Photo' },
            { labels, caption: 'Mask' },
            { map, over: photo, caption: 'CAM' },
          ],
        },
      ],
    },
    { type: 'notes', title: 'Notes', paragraphs: ['Some words.'], items: ['a point'], code: 'npm start' },
    {
      type: 'timings',
      title: 'Timings',
      steps: [
        { name: 'train', seconds: 90 },
        { name: 'test', seconds: 0.5 },
      ],
    },
    { type: 'settings', title: 'Settings', settings: { seed: 1, flip: true, name: 'psa' } },
  ],
};

describe('report', () => {
  test('makes one page of every kind of section, which asks nobody for anything', async () => {
    const page = await report(every);
    expect(page.startsWith('<!doctype html>')).toBe(true);
    for (const { title } of every.sections) expect(page).toContain(`>${title}</h2>`);
    for (const text of ['45.7 %', 'of 3', 'a fact', 'One of each.', '1 min 30 s', '500 ms', 'npm start', 'a point']) {
      expect(page).toContain(text);
    }
    expect(page).not.toMatch(/<script|https?:|@import|url\(|srcset|<link(?! rel="icon" href="data:,")/);
    expect(page.match(/src="[^"]{5}/g)!.every((src) => src === 'src="data:')).toBe(true);
    expect(page).toContain("default-src 'none'");
  });

  test('is well formed: every tag that opens closes, ids are unique, links lead somewhere', async () => {
    const page = (await report(every)).replace(/<style>[\s\S]*<\/style>/, '');
    const open: string[] = [];
    for (const [, close, name, empty] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:"[^"]*"|[^>"])*?(\/?)>/gi)) {
      if (empty || ['meta', 'link', 'img', 'br'].includes(name!)) continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, list] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)) {
      for (const id of list!.split(' ')) expect(ids).toContain(id);
    }
  });

  test('escapes text wherever it goes', async () => {
    const evil = `</style></title><script>alert("1")</script>'&\u0000`;
    const page = await report({
      title: evil,
      subtitle: evil,
      facts: [evil],
      sections: [
        { type: 'figures', title: evil, figures: [{ label: evil, value: evil, note: evil }] },
        { type: 'table', title: evil, caption: evil, columns: [{ label: evil }], rows: [{ cells: [evil] }] },
        {
          type: 'curves',
          title: evil,
          charts: [
            {
              title: evil,
              xLabel: evil,
              yLabel: evil,
              mark: { x: 0, label: evil },
              series: [{ name: evil, points: [[0, 1]] }],
            },
          ],
        },
        {
          type: 'images',
          title: evil,
          legend: [{ label: evil, colour: [0, 0, 0] }],
          rows: [{ caption: evil, note: evil, pictures: [{ image: photo, caption: evil, alt: evil }] }],
        },
        { type: 'notes', title: evil, paragraphs: [evil], items: [evil], code: evil },
        { type: 'timings', title: evil, steps: [{ name: evil, seconds: 1, note: evil }] },
        { type: 'settings', title: evil, settings: { [evil]: evil } },
      ],
    });
    expect(page).not.toContain('<script');
    expect(page).not.toContain('\u0000');
    expect(page).not.toContain(`"1"`);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;\ufffd');
  });

  test('embeds pictures as PNGs: photos with their pixels, masks with their indices', async () => {
    const [image, mask, cam] = pngsOf(await report(every));
    expect((await decodeImage(image!)).values).toEqual(photo.values);
    expect((await decodeIndexedPng(mask!)).values).toEqual(labels.values);
    const painted = await decodeImage(cam!);
    // Half the photo and half its colour: the map's first value, 0, is jet's dark blue.
    expect([...painted.values.subarray(0, 3)]).toEqual([0, 4, 7 + 64]);
  });

  test('lets a photo shine through a mask: classes tinted, background dim and grey', async () => {
    const over = hostTensor(new Uint8Array([200, 100, 0, 200, 100, 0]), [1, 2, 3]);
    const picture = { labels: hostTensor(new Uint8Array([0, 1]), [1, 2]), over, caption: 'mask' };
    const page = await pageOf({ type: 'images', title: 'Images', rows: [{ caption: 'row', pictures: [picture] }] });
    const { values } = await decodeImage(pngsOf(page)[0]!);
    // Background: 0.4 · (0.299 · 200 + 0.587 · 100); class 1: half of the photo and half of VOC's (128, 0, 0).
    expect([...values]).toEqual([47, 47, 47, 164, 50, 0]);
  });

  test('shows a cover of pictures with their texts', async () => {
    const cover = [[{ image: photo, caption: 'a photo' }], [{ labels, caption: 'its mask', alt: 'a mask in words' }]];
    const page = await report({ title: 'A page', cover, sections: [] });
    expect(pngsOf(page)).toHaveLength(2);
    expect(page).toContain('alt="a photo"');
    expect(page).toContain('alt="a mask in words"');
  });

  test('makes large pictures smaller, in proportion', async () => {
    const large = hostTensor(new Uint8Array(30 * 50 * 3), [30, 50, 3]);
    const mask = hostTensor(new Uint8Array(30 * 50).fill(7), [30, 50]);
    const pictures = [
      { image: large, caption: 'photo' },
      { labels: mask, caption: 'mask' },
    ];
    const page = await pageOf({ type: 'images', title: 'Images', side: 20, rows: [{ caption: 'row', pictures }] });
    const [a, b] = pngsOf(page);
    expect((await decodeImage(a!)).shape).toEqual([12, 20, 3]);
    expect((await decodeIndexedPng(b!)).values).toEqual(new Uint8Array(12 * 20).fill(7));
    expect(page.match(/width="20" height="12"/g)).toHaveLength(2);
  });

  test('gives every picture a text for those who cannot see it', async () => {
    const page = await report(every);
    expect(page.match(/<img /g)).toHaveLength(3);
    expect(page).toContain('alt="photo-1: Mask"');
    expect(page).toContain('train: from 1 at step 0 to 0.250 at step 2; lowest 0.250 at step 2, highest 1 at step 0.');
  });

  test('says how many points of a curve it could not draw, and draws the others', async () => {
    const series = [
      {
        name: 'loss',
        points: [
          [0, 1],
          [1, Number.NaN],
          [2, 3],
        ] as [number, number][],
      },
    ];
    const chart = { title: 'Loss', xLabel: 'step', yLabel: 'loss', series };
    const page = await pageOf({ type: 'curves', title: 'Curves', charts: [chart] });
    expect(page).toContain('1 point is not drawn: not finite.');
    expect(page).not.toContain('NaN');
    const logarithmic = await pageOf({
      type: 'curves',
      title: 'Curves',
      charts: [
        {
          ...chart,
          yScale: 'log',
          series: [
            {
              name: 'loss',
              points: [
                [0, 0],
                [1, -1],
                [2, 100],
              ],
            },
          ],
        },
      ],
    });
    expect(logarithmic).toContain('2 points are not drawn: not positive, or not finite.');
  });

  test('draws a constant, and a single point', async () => {
    for (const points of [
      [
        [0, 2],
        [1, 2],
      ],
      [[3, 0]],
    ] as [number, number][][]) {
      const series = [{ name: 'loss', points }];
      const charts = [{ title: 'Loss', xLabel: 'step', yLabel: 'loss', series }];
      const page = await pageOf({ type: 'curves', title: 'Curves', charts });
      expect(page).not.toMatch(/NaN|Infinity/);
      expect(page).toMatch(/class="line" d="M[\d.]+ [\d.]+h0/);
    }
  });

  test('shows what is missing as a dash', async () => {
    const columns = [{ label: 'Class' }, { label: 'IoU', format: 'percent', bar: true }] as const;
    const page = await pageOf({ type: 'table', title: 'T', columns, rows: [{ cells: ['boat', null] }] });
    expect(page).toContain('<td class="number">–</td>');
  });

  test('refuses what it cannot show, by name', async () => {
    await expect(report({ title: '', sections: [] })).rejects.toThrow(ValueError);
    await expect(pageOf({ type: 'poem', title: 'T' } as unknown as ReportSection)).rejects.toThrow(
      /section\.type.*'poem'/,
    );
    await expect(
      pageOf({ type: 'table', title: 'T', columns: [{ label: 'a' }], rows: [{ cells: ['x', 1] }] }),
    ).rejects.toThrow("report: expected `rows of 'T'` to have 1 cells, one per column, got ['x', 1].");
    await expect(
      pageOf({ type: 'curves', title: 'T', charts: [{ title: 'Loss', xLabel: '', yLabel: '', series: [] }] }),
    ).rejects.toThrow('to have at least one finite point');
    await expect(
      pageOf({ type: 'timings', title: 'T', steps: [{ name: 'train', seconds: Number.NaN }] }),
    ).rejects.toThrow("`seconds of 'train'`");
    const colour = ['red;}', 0, 0] as unknown as [number, number, number];
    await expect(
      pageOf({ type: 'table', title: 'T', columns: [{ label: 'a' }], rows: [{ cells: ['x'], colour }] }),
    ).rejects.toThrow('to be red, green and blue');
    const rows = [{ caption: 'r', pictures: [{ image: labels, caption: 'p' }] }];
    await expect(pageOf({ type: 'images', title: 'T', rows })).rejects.toThrow(ShapeError);
  });
});
