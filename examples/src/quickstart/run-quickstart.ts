import { useBackend } from '@wsss/backend';
import { hostTensor, IGNORE, random } from '@wsss/core';
import { writeReport } from '@wsss/pipeline';
import type { History } from '@wsss/train';
import { Stopwatch } from '../shared/stopwatch';
import { tracked } from '../shared/tracked';
import { makeReport, type Run } from './make-report';
import { type Predicted, predictScenes } from './predict-scenes';
import { printLadder } from './print-ladder';
import { type Labelled, labelScenes, type Seen, scoreThresholds, seeScenes } from './pseudo-labels';
import { CLASSES, type Scene, scene } from './scenes/scene';
import { scoreClassifier } from './score-classifier';
import { scoreRungs, type Tested } from './score-rungs';
import type { Settings } from './settings';
import { type SmallNetwork, smallNetwork } from './small-network';
import { trainAffinity } from './train-affinity';
import { trainClassifier } from './train-classifier';
import { learnMasks, type MaskedPhoto } from './train-segmentation';

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

    const maskedScenes = trainScenes.slice(0, settings.maskedScenes);
    const learnFrom = await seeScenes(network, maskedScenes, settings);
    stopwatch.lap('Make maps of training scenes', `${learnFrom.length} of them, ${settings.scales.length} scales`);
    const seen = await seeScenes(network, testScenes, settings);
    stopwatch.lap('Make maps of the test scenes', `${settings.scales.length} scales, each with its mirror image`);
    const walked = await walkAndFit(network, learnFrom, seen, settings, stopwatch);

    const pseudo = walked.learned.map((labelled) => ({ image: labelled.scene.image, labels: agreed(labelled) }));
    const own = await learnAndPredict('network', network, pseudo, testScenes, precision.scores, settings, stopwatch);
    // Only to know how far labels could lead: the same photos, their exact masks.
    const exact = maskedScenes.map(({ image, mask }) => ({ image, labels: mask }));
    const bound = await learnAndPredict(
      'exact masks',
      network,
      exact,
      testScenes,
      precision.scores,
      settings,
      stopwatch,
    );

    const tested = walked.tested.map((labelled, i) => together(labelled, own.predicted[i]!, bound.predicted[i]!));
    const rungs = await scoreRungs(tested);
    const thresholds = await scoreThresholds(tested);
    stopwatch.lap('Score the masks');
    const run: Run = {
      ...{ settings, backend, precision, tested, rungs, thresholds, stopwatch },
      histories: { classifier: history, affinity: walked.history, network: own.history },
    };
    printLadder(run);
    return { path: await writeReport(reportFile, makeReport(run)), run };
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

/** An AffinityNet from the first training scenes, and the masks of all. */
async function walkAndFit(
  network: SmallNetwork,
  learnFrom: readonly Seen[],
  test: readonly Seen[],
  settings: Settings,
  stopwatch: Stopwatch,
): Promise<{ learned: Labelled[]; tested: Labelled[]; history: History }> {
  const few = learnFrom.slice(0, settings.affinityScenes);
  const { affinity, history } = await trainAffinity(network, few, settings);
  try {
    stopwatch.lap('Train the AffinityNet', `${history.steps} steps, from the masks of the maps`);
    const learned = await labelScenes(affinity, learnFrom, settings);
    const tested = await labelScenes(affinity, test, settings);
    stopwatch.lap('Make masks', 'a mask after each step, of training and test scenes');
    return { learned, tested, history };
  } finally {
    affinity.dispose();
  }
}

/** The mask after the last step, where the walk agrees with it: what a CRF changed is less sure. */
function agreed({ masks: { walk, walkCrf } }: Labelled) {
  return hostTensor(
    walkCrf.values.map((label, i) => (label === walk.values[i] ? label : IGNORE)),
    walkCrf.shape,
  );
}

async function learnAndPredict(
  name: string,
  classifier: SmallNetwork,
  photos: readonly MaskedPhoto[],
  scenes: readonly Scene[],
  scores: readonly (readonly number[])[],
  settings: Settings,
  stopwatch: Stopwatch,
): Promise<{ predicted: Predicted[]; history: History }> {
  const { network, history, dispose } = await learnMasks(classifier, photos, settings, name);
  try {
    stopwatch.lap(`Train the segmentation network (${name})`, `${photos.length} photos, ${history.steps} steps`);
    const predicted = await predictScenes(network, scenes, scores);
    stopwatch.lap(`Segment the test scenes (${name})`);
    return { predicted, history };
  } finally {
    dispose();
  }
}

function together({ scene, classes, cam, ...pseudo }: Labelled, own: Predicted, bound: Predicted): Tested {
  const as = <T>(of: Readonly<Record<'network' | 'gated' | 'gatedCrf', T>>) => ({
    ...{ bound: of.network, boundGated: of.gated, boundGatedCrf: of.gatedCrf },
  });
  return {
    ...{ scene, classes, cam },
    masks: { ...pseudo.masks, ...own.masks, ...as(bound.masks) },
    seconds: { ...pseudo.seconds, ...own.seconds, ...as(bound.seconds) },
  };
}
