import { useBackend } from '@wsss/backend';
import { random } from '@wsss/core';
import { writeReport } from '@wsss/pipeline';
import { formatTable, percent } from '../shared/format-table';
import { Stopwatch } from '../shared/stopwatch';
import { tracked } from '../shared/tracked';
import { makeReport, type Run } from './make-report';
import { pseudoLabels, scoreMasks, scoreThresholds } from './pseudo-labels';
import { CLASSES, type Scene, scene } from './scenes/scene';
import { scoreClassifier } from './score-classifier';
import type { Settings } from './settings';
import { smallNetwork } from './small-network';
import { trainClassifier } from './train-classifier';

/** Draws, trains, makes masks, scores them, and writes the report; returns its path and what was found. */
export async function runQuickstart(settings: Settings, reportFile: string): Promise<{ path: string; run: Run }> {
  const stopwatch = new Stopwatch();
  const backend = await useBackend('wasm');
  console.log(`Six kinds of things: ${CLASSES.join(', ')}. Training sees photos and their labels, never a mask.\n`);
  const trainScenes = drawScenes('training', settings.trainScenes, settings);
  const testScenes = drawScenes('test', settings.testScenes, settings);
  stopwatch.lap('Draw the scenes', `${settings.trainScenes} for training, ${settings.testScenes} for the test`);

  const network = smallNetwork({ classes: CLASSES.length, seed: settings.seed });
  try {
    const history = await trainClassifier(network, trainScenes, settings);
    stopwatch.lap('Train the classifier', `${history.steps} steps of ${settings.batchSize} photos, from labels only`);
    const precision = await scoreClassifier(network, testScenes);
    stopwatch.lap('Score the classifier');
    const labelled = await pseudoLabels(network, testScenes, settings);
    stopwatch.lap('Make maps and masks', `${settings.scales.length} scales, each with its mirror image`);
    const matrix = await scoreMasks(labelled);
    const thresholds = await scoreThresholds(labelled);
    stopwatch.lap('Score the masks');

    const run: Run = { settings, backend, history, precision, labelled, matrix, thresholds, stopwatch };
    printScores(run);
    return { path: await writeReport(reportFile, makeReport(run)), run };
  } finally {
    network.dispose();
  }
}

function drawScenes(part: string, count: number, { seed, size }: Settings): Scene[] {
  const stream = random(seed).fork(part);
  return Array.from(tracked(`${part} scenes`, [...Array(count).keys()]), (i) =>
    scene(stream.fork(i), { id: `${part}-${i + 1}`, size }),
  );
}

function printScores({ matrix, precision }: Run): void {
  const iou = matrix.iou();
  const rows = [
    ['background', percent(iou[0]!), ''],
    ...CLASSES.map((name, i) => [name, percent(iou[i + 1]!), percent(precision.perClass[i]!)]),
    ['mean', percent(matrix.meanIou()), percent(precision.mean)],
  ];
  console.log(`\n${formatTable(['class', 'IoU of CAM masks', 'average precision'], rows)}\n`);
}
