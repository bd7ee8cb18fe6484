import type { ImageRow, Picture, ReportContent } from '@wsss/pipeline';
import { COLOURS, PALETTE } from '../shared/colours';
import { percent } from '../shared/format-table';
import { reportSteps } from '../shared/stopwatch';
import type { Photo, Split } from './open-split';
import type { RungResult, VocResult } from './result';
import type { RunFolder } from './run-folder';
import { RUNGS, shortName } from './rungs';
import { CLASSES } from './settings';

const SHOWN = 12;

/** The run as a page. */
export async function makeReport(
  { settings, backend, photos, precision, rungs, stages }: VocResult,
  losses: readonly number[],
  val: Split,
  folder: RunFolder,
): Promise<ReportContent> {
  const nameOf = ({ slug }: RungResult) => RUNGS.find((rung) => rung.slug === slug)!;
  const own = rungs.find(({ slug }) => slug === 'network-gated-crf')!;
  const told = rungs.find(({ slug }) => slug === 'relabelled-crf')!;
  const every = Math.max(1, Math.floor(val.ids.length / SHOWN));
  const shown = await Promise.all(
    val.ids
      .filter((_, i) => i % every === 0)
      .slice(0, SHOWN)
      .map((id) => val.get(id)),
  );
  const { limit } = settings;
  return {
    title: 'Pixel masks of real photos, from image-level labels',
    subtitle: `A segmentation network learned ${CLASSES.length} classes from ${photos.train} photos of which only the labels were known. Every step on the way is scored on ${photos.val} others.`,
    facts: [
      'PASCAL VOC 2012, small subset',
      `backend ${backend.name} (${backend.device})`,
      `seed ${settings.seed}`,
      ...(limit === undefined ? [] : [`limited to ${limit} photos of each split`]),
    ],
    cover: await coverOf(shown.filter(({ classes }) => classes.length > 0).slice(0, 8), folder),
    sections: [
      {
        type: 'figures',
        title: 'At a glance',
        figures: [
          {
            label: 'Mean IoU of the network',
            value: own.val.meanIou,
            format: 'percent',
            note: `with the classifier and a CRF, told nothing of the photo; with other photos of the kind, between ${percent(own.val.interval.low)} and ${percent(own.val.interval.high)}`,
          },
          {
            label: 'Mean IoU of pseudo labels',
            value: told.val.meanIou,
            format: 'percent',
            note: `of the network, told the photo's labels; between ${percent(told.val.interval.low)} and ${percent(told.val.interval.high)}`,
          },
          {
            label: 'Mean average precision',
            value: precision.mean,
            format: 'percent',
            note: 'of the classifier, on the validation photos',
          },
        ],
      },
      {
        type: 'table',
        title: 'Step by step',
        caption: `Mean IoU of background and ${CLASSES.length} classes. An interval holds 95 of 100 draws of as many photos. Photos without any of the classes (${photos.withoutClass} of ${photos.val}) count, as background throughout.`,
        columns: [
          { label: 'Masks of' },
          { label: 'Told the labels', format: 'text' },
          { label: 'Training photos', format: 'percent' },
          { label: 'Validation photos', format: 'percent', bar: true },
          { label: 'from', format: 'percent' },
          { label: 'to', format: 'percent' },
          { label: 'Seconds per photo', digits: 3 },
        ],
        rows: rungs.map((rung) => ({
          cells: [
            ...[nameOf(rung).name, nameOf(rung).labels ? 'yes' : 'no', rung.train?.meanIou ?? null, rung.val.meanIou],
            ...[rung.val.interval.low, rung.val.interval.high, rung.seconds],
          ],
        })),
      },
      {
        type: 'images',
        title: 'The same photos at every step',
        caption: `${shown.length} validation photos, evenly spaced over the list, none picked out. Pale pixels of a truth count nowhere: borders, and other classes.`,
        legend: ['background', ...CLASSES].map((label, i) => ({ label, colour: COLOURS[i]! })),
        rows: await Promise.all(shown.map((photo) => pictures(photo, rungs, folder))),
        side: 220,
      },
      {
        type: 'table',
        title: 'Class by class',
        caption: 'Intersection over union with the true masks, on the validation photos.',
        columns: [
          { label: 'Class' },
          ...rungs.map(({ slug }) => ({ label: shortName(slug), format: 'percent' as const })),
          { label: 'Average precision', format: 'percent' },
        ],
        rows: ['background', ...CLASSES].map((name, i) => ({
          colour: COLOURS[i]!,
          cells: [name, ...rungs.map(({ val }) => val.iou[i]!), i ? precision.perClass[i - 1]! : null],
        })),
      },
      {
        type: 'curves',
        title: 'Training of the classifier',
        charts: [
          {
            title: 'Loss',
            xLabel: 'epoch',
            yLabel: 'loss',
            yScale: 'log',
            series: [{ name: 'loss', points: losses.map((loss, i) => [i + 1, loss] as const) }],
          },
        ],
      },
      {
        type: 'timings',
        title: 'Where the time went',
        steps: reportSteps(Object.entries(stages).map(([name, { seconds, memory }]) => ({ name, seconds, memory }))),
      },
      {
        type: 'settings',
        title: 'Settings',
        settings: {
          seed: settings.seed,
          backbone: 'MobileNetV2, output stride 16; frozen, but for the segmentation network',
          'training photos': photos.train,
          'validation photos': photos.val,
          'views of a training photo': `${settings.passes}, at random: size, place, mirrored, colours`,
          classifier: `${settings.epochs} epochs, batches of ${settings.batchSize}, learning rate ${settings.learningRate} falling to 0, momentum ${settings.momentum}, weight decay ${settings.weightDecay}`,
          'scales of CAMs': `${settings.scales.join(', ')}, each with its mirror image`,
          'threshold of CAMs': settings.threshold,
          'scales of IS-CAM': `${settings.isCam.scales.join(', ')}, each with its mirror image`,
          'IS-CAM structure': settings.isCam.structure.join(', '),
          'IS-CAM prototypes': settings.isCam.prototype.join(', '),
          'IS-CAM background factor': settings.isCam.backgroundFactor ?? 0.5,
          "SIPE's training": `the classifier, ${settings.sipe.training.epochs} epochs, consistency × ${settings.sipe.training.consistencyWeight}; background factor ${settings.sipe.backgroundFactor}`,
          CRF: 'IRN_CRF, from labels',
          AffinityNet: `${settings.affinity.epochs} epochs, batches of ${settings.affinity.batchSize}, learning rate ${settings.affinity.learningRate}, crops of ${settings.affinity.cropCells} cells; labels that hold ${settings.affinity.share} of a cell`,
          walk: `scores to the power of ${settings.walk.power}, beta ${settings.walk.beta}, ${settings.walk.steps} steps`,
          'segmentation network': `${settings.segmentation.epochs} epochs, batches of ${settings.segmentation.batchSize}; ${settings.segmentation.trained.join(', ')} train`,
        },
      },
      {
        type: 'notes',
        title: 'Run it again',
        paragraphs: ['The seed is fixed: the same command gives the same masks and the same scores.'],
        code: `npm run voc -- --data FOLDER --weights FILE --seed ${settings.seed}${limit === undefined ? '' : ` --limit ${limit}`}`,
      },
    ],
  };
}

/** Photos, and below them their masks. */
async function coverOf(shown: readonly Photo[], folder: RunFolder): Promise<Picture[][]> {
  if (!shown.length) return [];
  const masks = shown.map(async ({ image, id }) => ({
    labels: await folder.readMask('network-gated-crf', id),
    palette: PALETTE,
    over: image,
    caption: `Mask of ${id}`,
  }));
  return [shown.map(({ image, id }) => ({ image, caption: `Photo ${id}` })), await Promise.all(masks)];
}

async function pictures(
  { id, image, classes, truth }: Photo,
  rungs: readonly RungResult[],
  folder: RunFolder,
): Promise<ImageRow> {
  const names = classes.map((index) => CLASSES[index - 1]!);
  const masks = rungs.map(async ({ slug }) => ({
    labels: await folder.readMask(slug, id),
    palette: PALETTE,
    caption: shortName(slug),
  }));
  return {
    caption: id,
    note: names.length ? `label: ${names.join(', ')}` : 'none of the classes',
    pictures: [
      { image, caption: 'Photo', alt: `Photo ${id}: ${names.join(', ') || 'none of the classes'}` },
      { labels: truth, palette: PALETTE, caption: 'Truth' },
      ...(await Promise.all(masks)),
    ],
  };
}
