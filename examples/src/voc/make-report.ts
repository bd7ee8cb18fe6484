import type { BackendInfo } from '@wsss/backend';
import type { SweepPoint } from '@wsss/metrics';
import type { ImageRow, Picture, ReportContent } from '@wsss/pipeline';
import type { History } from '@wsss/train';
import { channelOf } from '../shared/channel-of';
import { COLOURS, PALETTE } from '../shared/colours';
import { percent } from '../shared/format-table';
import { reportSteps, type Stopwatch } from '../shared/stopwatch';
import type { Masked, Masks } from './make-masks';
import type { Split } from './open-split';
import type { IsCamScores } from './score-is-cam';
import { CLASSES, type VocSettings } from './settings';

/** All that a run found out. */
export interface Run {
  readonly settings: VocSettings;
  readonly backend: BackendInfo;
  readonly history: History;
  readonly precision: { readonly perClass: readonly (number | null)[]; readonly mean: number };
  /** The threshold that was chosen, with the scores of the training photos at it. */
  readonly best: SweepPoint;
  readonly curve: readonly SweepPoint[];
  readonly masks: Masks;
  /** Image-specific maps of the same classifier. */
  readonly isCam: { readonly train: IsCamScores; readonly val: IsCamScores };
  readonly train: Split;
  readonly val: Split;
  readonly stopwatch: Stopwatch;
}

/** The run as a page. */
export function makeReport({
  settings,
  backend,
  history,
  precision,
  best,
  curve,
  masks,
  isCam,
  train,
  val,
  stopwatch,
}: Run): ReportContent {
  const stepsPerEpoch = history.steps / history.epochs.length;
  const [onVal, onTrain] = [masks.matrix.iou(), best.matrix.iou()];
  const [specificVal, specificTrain] = [isCam.val.matrix, isCam.train.matrix];
  const { limit } = settings;
  const { low, high } = masks.interval;
  return {
    title: 'Pixel masks of real photos, from image-level labels',
    subtitle: `A linear classifier on a frozen MobileNetV2 learned ${CLASSES.length} classes from the labels of ${train.ids.length} photos. Its class activation maps become masks of ${val.ids.length} others.`,
    facts: [
      'PASCAL VOC 2012, small subset',
      `backend ${backend.name} (${backend.device})`,
      `seed ${settings.seed}`,
      ...(limit === undefined ? [] : [`limited to ${limit} photos of each split`]),
    ],
    cover: coverOf(masks.shown.filter(({ classes }) => classes.length > 0).slice(0, 8)),
    sections: [
      {
        type: 'figures',
        title: 'At a glance',
        figures: [
          {
            label: 'Mean IoU of the masks',
            value: masks.matrix.meanIou(),
            format: 'percent',
            note: `background + ${CLASSES.length} classes, ${val.ids.length} validation photos; with others of the kind, between ${percent(low)} and ${percent(high)}`,
          },
          {
            label: 'Mean IoU of image-specific maps',
            value: specificVal.meanIou(),
            format: 'percent',
            note: `IS-CAM of the same classifier; between ${percent(isCam.val.interval.low)} and ${percent(isCam.val.interval.high)}`,
          },
          {
            label: 'Mean average precision',
            value: precision.mean,
            format: 'percent',
            note: 'of the classifier, on the validation photos',
          },
          {
            label: 'Time per photo',
            value: masks.seconds.all,
            format: 'seconds',
            note: `of which reading ${masks.seconds.read.toFixed(3)} s, maps and mask ${masks.seconds.cam.toFixed(3)} s`,
          },
          { label: 'Time', value: stopwatch.total, format: 'seconds', note: 'in all, training included' },
        ],
      },
      {
        type: 'images',
        title: 'Photos, maps and masks',
        caption: `${masks.shown.length} validation photos, evenly spaced over the list, none picked out. A class activation map shows where the classifier sees a class, from blue (nowhere) to red. Where no map is above ${best.threshold} the mask is background; elsewhere it is the class of the highest map. Pale pixels of a truth count nowhere: borders, and other classes.`,
        legend: ['background', ...CLASSES].map((label, i) => ({ label, colour: COLOURS[i]! })),
        rows: masks.shown.map(pictures),
        side: 260,
      },
      {
        type: 'table',
        title: 'Class by class',
        caption: `Intersection over union of the masks with the true ones; training photos at the threshold that was chosen on them. Photos without any of the ${CLASSES.length} classes (${masks.withoutClass} of ${val.ids.length}) count, as background throughout.`,
        columns: [
          { label: 'Class' },
          { label: 'IoU, training photos', format: 'percent', bar: true },
          { label: 'IoU, validation photos', format: 'percent', bar: true },
          { label: 'IS-CAM, training photos', format: 'percent', bar: true },
          { label: 'IS-CAM, validation photos', format: 'percent', bar: true },
          { label: 'Average precision, validation', format: 'percent', bar: true },
        ],
        rows: [
          ...['background', ...CLASSES].map((name, i) => ({
            colour: COLOURS[i]!,
            cells: [
              ...[name, onTrain[i]!, onVal[i]!, specificTrain.iou()[i]!, specificVal.iou()[i]!],
              i ? precision.perClass[i - 1]! : null,
            ],
          })),
          {
            total: true,
            cells: [
              ...['mean', best.meanIou, masks.matrix.meanIou(), specificTrain.meanIou(), specificVal.meanIou()],
              precision.mean,
            ],
          },
        ],
      },
      {
        type: 'curves',
        title: 'Training and threshold',
        charts: [
          {
            title: 'Training loss',
            xLabel: 'epoch',
            yLabel: 'loss',
            yScale: 'log',
            series: [
              {
                name: 'loss',
                points: history.losses.map((loss, i) => [(i + 1) / stepsPerEpoch, loss] as const),
                smooth: stepsPerEpoch,
              },
            ],
          },
          {
            title: 'Training photos by threshold',
            xLabel: 'threshold',
            yLabel: 'IoU',
            yFormat: 'percent',
            series: [
              { name: 'mean IoU', points: curve.map(({ threshold, meanIou }) => [threshold, meanIou] as const) },
              {
                name: 'background',
                points: curve.map(({ threshold, matrix }) => [threshold, matrix.iou()[0] ?? 0] as const),
              },
            ],
            mark: { x: best.threshold, label: `chosen: ${best.threshold}` },
          },
        ],
      },
      { type: 'timings', title: 'Where the time went', steps: reportSteps(stopwatch.steps) },
      {
        type: 'settings',
        title: 'Settings',
        settings: {
          seed: settings.seed,
          backbone: 'MobileNetV2, frozen, output stride 16',
          'training photos': train.ids.length,
          'validation photos': val.ids.length,
          'views of a training photo': `${settings.passes}, at random: size, place, mirrored, colours`,
          epochs: settings.epochs,
          'batch size': settings.batchSize,
          'learning rate': `${settings.learningRate}, falling to 0`,
          momentum: settings.momentum,
          'weight decay': settings.weightDecay,
          'CAM scales': `${settings.scales.join(', ')}, each with its mirror image`,
          threshold: `${best.threshold}, chosen on the training photos`,
          'IS-CAM structure': settings.isCam.structure.join(', '),
          'IS-CAM prototypes': settings.isCam.prototype.join(', '),
          'IS-CAM background factor': settings.isCam.backgroundFactor ?? 0.5,
          'IS-CAM scales': `${settings.isCam.scales.join(', ')}, each with its mirror image`,
        },
      },
      {
        type: 'notes',
        title: 'Run it again',
        paragraphs: ['The seed is fixed: the same command gives the same masks and the same scores.'],
        code: `npm run voc -- --data FOLDER --weights FILE${limit === undefined ? '' : ` --limit ${limit}`}`,
      },
    ],
  };
}

/** Photos, and below them their masks. */
function coverOf(shown: readonly Masked[]): Picture[][] {
  if (!shown.length) return [];
  return [
    shown.map(({ image, id }) => ({ image, caption: `Photo ${id}` })),
    shown.map(({ image, mask, id }) => ({ labels: mask, palette: PALETTE, over: image, caption: `Mask of ${id}` })),
  ];
}

function pictures({ id, image, classes, truth, cam, mask }: Masked): ImageRow {
  const names = classes.map((index) => CLASSES[index - 1]!);
  return {
    caption: id,
    note: names.length ? `label: ${names.join(', ')}` : 'none of the classes',
    pictures: [
      { image, caption: 'Photo', alt: `Photo ${id}: ${names.join(', ') || 'none of the classes'}` },
      { labels: truth, palette: PALETTE, caption: 'Truth' },
      { labels: mask, palette: PALETTE, caption: 'Mask from the labels' },
      ...names.map((name, channel) => ({ map: channelOf(cam, channel), over: image, caption: `CAM of ${name}` })),
    ],
  };
}
