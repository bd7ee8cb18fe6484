import { join } from 'node:path';
import { useBackend } from '@wsss/backend';
import { type Classifier, FormatError } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { readStateDict } from '@wsss/formats';
import { freeze, loadWeights, mobilenetV2 } from '@wsss/networks';
import { writeReport } from '@wsss/pipeline';
import { formatTable, percent } from '../shared/format-table';
import { Stopwatch } from '../shared/stopwatch';
import { chooseThreshold } from './choose-threshold';
import { makeMasks } from './make-masks';
import { makeReport, type Run } from './make-report';
import { openSplit } from './open-split';
import { augmentedFeatures, plainFeatures } from './pooled-features';
import type { VocOptions } from './read-options';
import { scoreClassifier } from './score-classifier';
import { scoreIsCam } from './score-is-cam';
import { CLASSES, type VocSettings } from './settings';
import { trainHead } from './train-head';

const SHOWN = 12;

/** Trains, makes masks, scores them, writes masks and report; returns the report's path and what was found. */
export async function runVoc(
  { data, weights: weightsFile, out }: Omit<VocOptions, 'limit'>,
  settings: VocSettings,
): Promise<{ path: string; run: Run }> {
  const stopwatch = new Stopwatch();
  const train = await openSplit(data, 'train', settings.limit);
  const val = await openSplit(data, 'val', settings.limit);
  console.log(
    `${train.ids.length} training photos, ${val.ids.length} validation photos; classes ${CLASSES.join(', ')}.`,
  );
  const backend = await useBackend('wasm');
  const backbone = await frozenBackbone(weightsFile);
  stopwatch.lap('Load the backbone');
  try {
    const views = await augmentedFeatures(backbone, train, settings);
    stopwatch.lap('See the training photos', `${settings.passes} random views each, features pooled`);
    const { weights, history } = await trainHead(views, settings);
    stopwatch.lap('Train the classifier', `${history.steps} steps on labels only`);
    const precision = await scoreClassifier(await plainFeatures(backbone, val, settings), weights);
    stopwatch.lap('Score the classifier', 'one pass over the validation photos');
    console.log(`\nmean average precision on val: ${percent(precision.mean)}\n`);

    const tap = backbone.classifierTap;
    const classifier: Classifier = { features: featureFunction(backbone, { taps: [tap] }), tap, weights };
    const { structure, prototype } = settings.isCam;
    const taps = [...new Set([tap, ...structure, ...prototype])];
    const withTaps: Classifier = { ...classifier, features: featureFunction(backbone, { taps }) };
    const { best, curve } = await chooseThreshold(classifier, train, settings);
    stopwatch.lap('Choose the threshold', 'maps of the training photos against their masks');
    console.log(`\nthreshold ${best.threshold}: mean IoU ${percent(best.meanIou)} on the training photos\n`);

    const folder = join(out, 'masks');
    const masks = await makeMasks(classifier, val, best.threshold, settings, { folder, show: SHOWN });
    stopwatch.lap('Make and score the masks', 'of the validation photos');
    const isCam = {
      train: await scoreIsCam(withTaps, train, settings),
      val: await scoreIsCam(withTaps, val, settings),
    };
    stopwatch.lap('Score image-specific maps', 'of all photos, from the same classifier');

    const run: Run = { settings, backend, history, precision, best, curve, masks, isCam, train, val, stopwatch };
    printScores(run, folder);
    return { path: await writeReport(join(out, 'report.html'), makeReport(run)), run };
  } finally {
    backbone.dispose();
  }
}

/** MobileNetV2 at output stride 16, folded for speed. Its own classifier, if the file has one, is not needed. */
async function frozenBackbone(file: string) {
  const network = mobilenetV2({ outputStride: 16, initialise: false });
  try {
    const { missing, mismatched, summary } = await loadWeights(network, await readStateDict(file), { strict: false });
    if (missing.length + mismatched.length > 0) throw new FormatError(file, 'all weights of MobileNetV2', summary);
    return freeze(network);
  } finally {
    network.dispose();
  }
}

function printScores({ masks, best, isCam, precision, val, settings }: Run, folder: string): void {
  const columns = [best.matrix, masks.matrix, isCam.train.matrix, isCam.val.matrix].map((matrix) => matrix.iou());
  const rows = ['background', ...CLASSES].map((name, i) => [
    name,
    ...columns.map((iou) => percent(iou[i]!)),
    i ? percent(precision.perClass[i - 1]!) : '',
  ]);
  const means = [best.matrix, masks.matrix, isCam.train.matrix, isCam.val.matrix].map((matrix) => matrix.meanIou());
  rows.push(['mean', ...means.map((mean) => percent(mean)), percent(precision.mean)]);
  const header = ['class', 'CAM train', 'CAM val', 'IS-CAM train', 'IS-CAM val', 'average precision val'];
  console.log(`\nIoU of the masks\n${formatTable(header, rows)}\n`);
  for (const [name, matrix, { low, high }] of [
    ['CAM', masks.matrix, masks.interval],
    ['IS-CAM', isCam.val.matrix, isCam.val.interval],
  ] as const) {
    const mean = percent(matrix.meanIou());
    console.log(`mean IoU of ${name} on val: ${mean}; with other photos, between ${percent(low)} and ${percent(high)}`);
  }
  const { structure, prototype, backgroundFactor, scales } = settings.isCam;
  console.log(
    `IS-CAM, settings fixed: structure ${structure}, prototypes ${prototype}, background factor ${backgroundFactor}, ` +
      `scales ${scales}; ${isCam.val.seconds.toFixed(3)} seconds per photo`,
  );
  const { read, cam, all } = masks.seconds;
  console.log(
    `${val.ids.length} photos, of which ${masks.withoutClass} without any of the six classes are all background; ` +
      `seconds per photo: ${all.toFixed(3)} (reading ${read.toFixed(3)}, CAM and mask ${cam.toFixed(3)})`,
  );
  console.log(`masks: ${folder}`);
}
