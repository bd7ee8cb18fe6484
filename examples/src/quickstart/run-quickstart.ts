import { useBackend } from '@wsss/backend';
import { random } from '@wsss/core';
import { writeReport } from '@wsss/pipeline';
import { formatTable, percent } from '../shared/format-table';
import { mebibytes, Stopwatch } from '../shared/stopwatch';
import { tracked } from '../shared/tracked';
import { makeReport, type Run } from './make-report';
import { labelScenes, RUNGS, scoreRungs, scoreThresholds, seeScenes } from './pseudo-labels';
import { CLASSES, type Scene, scene } from './scenes/scene';
import { scoreClassifier } from './score-classifier';
import type { Settings } from './settings';
import { smallNetwork } from './small-network';
import { trainAffinity } from './train-affinity';
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
    const learnFrom = await seeScenes(network, trainScenes.slice(0, settings.affinityScenes), settings);
    stopwatch.lap('Make maps of training scenes', `${learnFrom.length} of them, ${settings.scales.length} scales`);
    const { affinity, history: affinityHistory } = await trainAffinity(network, learnFrom, settings);
    try {
      stopwatch.lap('Train the AffinityNet', `${affinityHistory.steps} steps, from the masks of those maps`);
      const seen = await seeScenes(network, testScenes, settings);
      stopwatch.lap('Make maps of the test scenes', `${settings.scales.length} scales, each with its mirror image`);
      const labelled = await labelScenes(affinity, seen, settings);
      stopwatch.lap('Make masks', 'a mask after each step');
      const rungs = await scoreRungs(labelled);
      const thresholds = await scoreThresholds(labelled);
      stopwatch.lap('Score the masks');

      const run: Run = {
        ...{ settings, backend, history, affinityHistory, precision, labelled, rungs, thresholds, stopwatch },
      };
      printScores(run);
      return { path: await writeReport(reportFile, makeReport(run)), run };
    } finally {
      affinity.dispose();
    }
  } finally {
    network.dispose();
    stopwatch.stop();
  }
}

function drawScenes(part: string, count: number, { seed, size }: Settings): Scene[] {
  const stream = random(seed).fork(part);
  return Array.from(tracked(`${part} scenes`, [...Array(count).keys()]), (i) =>
    scene(stream.fork(i), { id: `${part}-${i + 1}`, size }),
  );
}

function printScores({ rungs, precision, stopwatch }: Run): void {
  const columns = RUNGS.map((rung) => rungs[rung]);
  const ious = columns.map(({ matrix }) => matrix.iou());
  const rows = [
    ...['background', ...CLASSES].map((name, i) => [
      name,
      ...ious.map((iou) => percent(iou[i]!)),
      i ? percent(precision.perClass[i - 1]!) : '',
    ]),
    ['mean', ...columns.map(({ matrix }) => percent(matrix.meanIou())), percent(precision.mean)],
    ['seconds per scene', ...columns.map(({ seconds }) => seconds.toFixed(3)), ''],
  ];
  console.log(`\nIoU of the masks of the test scenes, step by step, and the classifier's average precision\n`);
  console.log(`${formatTable(['class', ...RUNGS, 'average precision'], rows)}\n`);
  const widest = stopwatch.steps.reduce((a, b) => (b.memory > a.memory ? b : a));
  console.log(`memory: up to ${mebibytes(widest.memory)}, in "${widest.name}"`);
}
