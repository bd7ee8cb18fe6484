import type { BackendInfo } from '@wsss/backend';
import type { SweepPoint } from '@wsss/metrics';
import type { Chart, ImageRow, Picture, ReportContent } from '@wsss/pipeline';
import type { History } from '@wsss/train';
import { channelOf } from '../shared/channel-of';
import { COLOURS, PALETTE } from '../shared/colours';
import { percent } from '../shared/format-table';
import { reportSteps, type Stopwatch } from '../shared/stopwatch';
import { SHOWN_RUNGS } from './print-ladder';
import { RUNGS, type RungSlug } from './rungs';
import { CLASSES, type Scene } from './scenes/scene';
import type { RungScores, Tested } from './score-rungs';
import type { Settings } from './settings';
import { AFFINITY_CELL } from './train-affinity';

/** All that a run found out. */
export interface Run {
  readonly settings: Settings;
  readonly backend: BackendInfo;
  readonly histories: Readonly<Record<'classifier' | 'affinity' | 'network', History>>;
  readonly precision: { readonly perClass: readonly (number | null)[]; readonly mean: number };
  readonly tested: readonly Tested[];
  readonly rungs: RungScores;
  readonly thresholds: readonly SweepPoint[];
  readonly stopwatch: Stopwatch;
}

const SHOWN = 8;

/** The run as a page. */
export function makeReport({
  settings,
  backend,
  histories: { classifier: history, affinity, network },
  precision,
  tested,
  rungs,
  thresholds,
  stopwatch,
}: Run): ReportContent {
  const { trainScenes, testScenes, threshold } = settings;
  const { matrix } = rungs.gatedCrf;
  const bound = rungs.boundGatedCrf.matrix.meanIou();
  const stepsPerEpoch = history.steps / history.epochs.length;
  return {
    title: 'From image-level labels to pixel masks',
    subtitle: `A small network saw ${trainScenes} scenes and was only told which of ${CLASSES.length} things are in each. Step by step, the labels became masks, and the masks taught a segmentation network: here is what it finds in ${testScenes} scenes that it has not seen.`,
    facts: ['@wsss quickstart', `backend ${backend.name} (${backend.device})`, `seed ${settings.seed}`],
    cover: [
      tested.slice(0, SHOWN).map(({ scene }) => photoOf(scene)),
      tested.slice(0, SHOWN).map(({ scene, masks }) => ({
        labels: masks.gatedCrf,
        palette: PALETTE,
        over: scene.image,
        caption: `What the network finds in it: told nothing`,
      })),
    ],
    sections: [
      {
        type: 'figures',
        title: 'At a glance',
        figures: [
          {
            label: 'Mean IoU of the network',
            value: matrix.meanIou(),
            format: 'percent',
            note: `with gate and CRF, told nothing of the scene: background + ${CLASSES.length} classes, ${testScenes} test scenes. Taught by exact masks, the same network reaches ${percent(bound)}`,
          },
          {
            label: 'Pixels right',
            value: matrix.pixelAccuracy(),
            format: 'percent',
            note: 'of all pixels of the test scenes',
          },
          {
            label: 'Mean average precision',
            value: precision.mean,
            format: 'percent',
            note: 'of the classifier, on whole test photos',
          },
          { label: 'Time', value: stopwatch.total, format: 'seconds', note: 'from drawing the scenes to this page' },
        ],
      },
      {
        type: 'table',
        title: 'Step by step',
        caption:
          'Each step starts from the one before. IS-CAM compares the cells of a scene with prototypes from the scene itself, one of them of its background; the walk lets scores pass between cells that an AffinityNet finds alike; the dense CRF fits the mask to the edges of the photo. The segmentation network learned from such masks of training scenes. The gate lets the classifier, or the labels, say which classes are in the photo. Last, the same network taught by exact masks: how far labels could lead.',
        columns: [
          { label: 'Step' },
          { label: 'Told the labels', format: 'text' },
          { label: 'Mean IoU', format: 'percent', bar: true },
          { label: 'Pixels right', format: 'percent' },
          { label: 'Seconds per scene', digits: 3 },
        ],
        rows: RUNGS.map(({ slug, name, labels }) => {
          const { matrix, seconds } = rungs[slug];
          return { cells: [name.trim(), labels ? 'yes' : 'no', matrix.meanIou(), matrix.pixelAccuracy(), seconds] };
        }),
      },
      {
        type: 'images',
        title: 'Photos, masks and maps',
        caption: `The first ${Math.min(SHOWN, tested.length)} test scenes, none picked out, with the mask after each step. A class activation map shows where the classifier sees a class, from blue (nowhere) to red. Where no map is above ${threshold} the mask of the CAM is background; elsewhere it is the class of the highest map.`,
        legend: ['background', ...CLASSES].map((label, i) => ({ label, colour: COLOURS[i]! })),
        rows: tested.slice(0, SHOWN).map(pictures),
      },
      {
        type: 'table',
        title: 'Class by class',
        caption:
          'Intersection over union of the masks with the exact ones, and average precision of the classifier. Both on the test scenes.',
        columns: [
          { label: 'Class' },
          { label: 'Test scenes' },
          ...SHOWN_RUNGS.map(({ name }) => ({ label: name, format: 'percent' as const, bar: true })),
          { label: 'Average precision', format: 'percent', bar: true },
        ],
        rows: [
          ...['background', ...CLASSES].map((name, i) => ({
            colour: COLOURS[i]!,
            cells: [
              name,
              i ? tested.filter(({ classes }) => classes.includes(i)).length : tested.length,
              ...SHOWN_RUNGS.map(({ slug }) => rungs[slug].matrix.iou()[i]!),
              i ? precision.perClass[i - 1]! : null,
            ],
          })),
          {
            total: true,
            cells: ['mean', null, ...SHOWN_RUNGS.map(({ slug }) => rungs[slug].matrix.meanIou()), precision.mean],
          },
        ],
      },
      {
        type: 'curves',
        title: 'Training and threshold',
        caption: `First, the loss of each step of ${settings.batchSize} photos; then those of the AffinityNet and of the segmentation network. Last, what other thresholds of the CAMs would have given: the one that was used was fixed beforehand.`,
        charts: [
          {
            title: 'Training loss',
            xLabel: 'epoch',
            yLabel: 'loss',
            series: [
              {
                name: 'loss',
                points: history.losses.map((loss, i) => [(i + 1) / stepsPerEpoch, loss] as const),
                smooth: stepsPerEpoch,
              },
            ],
          },
          lossOf('Loss of the AffinityNet', affinity),
          lossOf('Loss of the segmentation network', network),
          {
            title: 'Masks of CAMs by threshold',
            xLabel: 'threshold',
            yLabel: 'IoU',
            yFormat: 'percent',
            series: [
              { name: 'mean IoU', points: thresholds.map(({ threshold, meanIou }) => [threshold, meanIou] as const) },
              {
                name: 'background',
                points: thresholds.map(({ threshold, matrix }) => [threshold, matrix.iou()[0] ?? 0] as const),
              },
            ],
            mark: { x: threshold, label: `used: ${threshold}` },
          },
        ],
      },
      { type: 'timings', title: 'Where the time went', steps: reportSteps(stopwatch.steps) },
      {
        type: 'settings',
        title: 'Settings',
        settings: {
          seed: settings.seed,
          'photo size': `${settings.size} × ${settings.size} pixels`,
          'training scenes': trainScenes,
          'test scenes': testScenes,
          epochs: settings.epochs,
          'batch size': settings.batchSize,
          optimiser: 'AdamW',
          'learning rate': `${settings.learningRate}, after ${settings.warmUp} steps falling to 0`,
          'weight decay': settings.weightDecay,
          'CAM scales': `${settings.scales.join(', ')}, each with its mirror image`,
          'threshold of CAMs': threshold,
          'IS-CAM structure': settings.isCam.structure.join(', '),
          'IS-CAM prototypes': settings.isCam.prototype.join(', '),
          'IS-CAM background factor': settings.isCam.backgroundFactor,
          AffinityNet: `${settings.affinityScenes} scenes, ${settings.affinityEpochs} epochs, batches of ${settings.affinityBatch}, learning rate ${settings.affinityRate}`,
          walk: `radius ${settings.walk.radius} cells of ${AFFINITY_CELL} pixels, beta ${settings.walk.beta}, ${settings.walk.steps} steps, scores to the power of ${settings.walkPower}`,
          CRF: 'IRN_CRF, from labels',
          'segmentation network': `${settings.maskedScenes} scenes, ${settings.segmentation.epochs} epochs, batches of ${settings.segmentation.batchSize}, learning rate ${settings.segmentation.learningRate}, the head's ${settings.segmentation.headMultiplier} times that; pixels where walk and CRF disagree are left out`,
        },
      },
      {
        type: 'notes',
        title: 'Run it again',
        paragraphs: [
          'Everything is drawn and trained from a seed: the same command gives the same masks and the same scores.',
        ],
        code: 'npm start',
      },
    ],
  };
}

/** In the pictures; the others differ too little to see. */
const PICTURED: readonly RungSlug[] = ['cam', 'isCam', 'walk', 'walkCrf', 'network', 'gatedCrf', 'boundGatedCrf'];

function pictures({ scene, classes, cam, masks }: Tested): ImageRow {
  const palette = PALETTE;
  const maps: Picture[] = classes.map((index, channel) => ({
    map: channelOf(cam, channel),
    over: scene.image,
    caption: `CAM of ${CLASSES[index - 1]}`,
  }));
  const shown = RUNGS.filter(({ slug }) => PICTURED.includes(slug));
  return {
    caption: scene.id,
    note: `label: ${scene.labels.join(', ')}`,
    pictures: [
      photoOf(scene),
      { labels: scene.mask, palette, caption: 'Truth' },
      ...shown.map(({ slug, name }) => ({
        labels: masks[slug],
        palette,
        caption: slug === 'boundGatedCrf' ? 'taught by exact masks' : name,
      })),
      ...maps,
    ],
  };
}

function lossOf(title: string, { losses, steps, epochs }: History): Chart {
  const points = losses.map((loss, i) => [i + 1, loss] as const);
  return { title, xLabel: 'step', yLabel: 'loss', series: [{ name: 'loss', points, smooth: steps / epochs.length }] };
}

function photoOf({ image, labels }: Scene): Picture {
  return { image, caption: 'Photo', alt: `Scene with ${labels.join(', ')}` };
}
