import { join } from 'node:path';
import { useBackend } from '@wsss/backend';
import { writeReport } from '@wsss/pipeline';
import { agreedLabels } from '../shared/agreed-labels';
import { percent } from '../shared/format-table';
import { loadBackbone } from './load-backbone';
import { makeReport } from './make-report';
import { openSplit } from './open-split';
import { printLadder } from './print-ladder';
import type { VocOptions } from './read-options';
import type { RungResult, VocResult } from './result';
import type { RunContext } from './run-context';
import { RunFolder } from './run-folder';
import { type RungSlug, rungsOf } from './rungs';
import { scoreRung } from './score-rung';
import { CLASSES, type VocSettings } from './settings';
import { StageLog } from './stage-log';
import { fitEdges } from './stages/fit-edges';
import { learnAffinity } from './stages/learn-affinity';
import { learnClassifier } from './stages/learn-classifier';
import { learnSegmentation } from './stages/learn-segmentation';
import { learnSipe } from './stages/learn-sipe';
import { makeMaps } from './stages/make-maps';
import { predictMasks } from './stages/predict-masks';
import { walkScores } from './stages/walk-scores';

/** Runs what is left of all stages, scores their masks, writes result and report; returns the report's path as well. */
export async function runVoc(
  { data, weights: weightsFile, out, bound }: Omit<VocOptions, 'limit' | 'seed'>,
  settings: VocSettings,
): Promise<{ path: string; result: VocResult }> {
  const train = await openSplit(data, 'train', settings.limit);
  const val = await openSplit(data, 'val', settings.limit);
  const folder = new RunFolder(join(out, `seed-${settings.seed}`));
  await folder.belongTo(settings);
  console.log(
    `${train.ids.length} training photos, ${val.ids.length} validation photos; classes ${CLASSES.join(', ')}; seed ${settings.seed}.`,
  );
  const backend = await useBackend('wasm');
  const backbone = await loadBackbone(weightsFile);
  try {
    const log = await StageLog.open(folder);
    const context: RunContext = { settings, weightsFile, train, val, folder, log, backbone };
    const rungs: RungResult[] = [];
    // A photo's seconds are of the stage that made the masks, or of its own part of a stage that made several.
    const score = async (...slugs: readonly RungSlug[]) => {
      for (const slug of slugs) {
        const record = Object.values(log.records).find((record) => record.rungs[slug] !== undefined);
        const onVal = await scoreRung(folder, slug, val);
        const onTrain = slug.startsWith('bound') ? undefined : await scoreRung(folder, slug, train);
        const seconds = record?.photos ? record.rungs[slug]! / record.photos : null;
        rungs.push({ slug, ...(onTrain && { train: onTrain }), val: onVal, seconds });
        console.log(
          `\n${slug}: mean IoU ${onTrain ? `${percent(onTrain.meanIou)} on train, ` : ''}${percent(onVal.meanIou)} on val\n`,
        );
      }
    };

    const classifier = await learnClassifier(context);
    console.log(`\nmean average precision on val: ${percent(classifier.precision.mean)}\n`);
    await makeMaps(context, classifier, await learnSipe(context, classifier));
    await score('cam', 'is-cam', 'is-cam-sipe');
    await fitEdges(context, 'is-cam-sipe', 'is-cam-crf', 'labels');
    await score('is-cam-crf');
    const affinity = await learnAffinity(context);
    try {
      await walkScores(context, affinity);
    } finally {
      affinity.dispose();
    }
    await score('walk');
    await fitEdges(context, 'walk', 'walk-crf', 'labels');
    await score('walk-crf');

    // What the CRF changed is left out: such pixels are wrong more often than others.
    const learned = await learnSegmentation(context, 'network', async (id) =>
      agreedLabels(await folder.readMask('walk-crf', id), await folder.readMask('walk', id)),
    );
    try {
      const predicted = { plain: 'network', gated: 'network-gated', labelled: 'relabelled' } as const;
      await predictMasks(context, learned.network, classifier, [val, train], predicted);
    } finally {
      learned.dispose();
    }
    await score('network', 'network-gated');
    await fitEdges(context, 'network-gated', 'network-gated-crf', 'mask');
    await score('network-gated-crf', 'relabelled');
    await fitEdges(context, 'relabelled', 'relabelled-crf', 'labels');
    await score('relabelled-crf');

    if (bound) {
      const supervised = await learnSegmentation(context, 'bound', async (id) => (await train.get(id)).truth);
      try {
        const predicted = { plain: 'bound', gated: 'bound-gated' } as const;
        await predictMasks(context, supervised.network, classifier, [val], predicted);
      } finally {
        supervised.dispose();
      }
      await fitEdges(context, 'bound-gated', 'bound-gated-crf', 'mask', [val]);
      await score('bound', 'bound-gated', 'bound-gated-crf');
    }

    const photos = await Promise.all(val.ids.map((id) => val.get(id)));
    const { name, threads, device } = backend;
    const order = rungsOf(bound).map(({ slug }) => slug as RungSlug);
    const result: VocResult = {
      settings,
      backend: { name, threads, device },
      photos: {
        ...{ train: train.ids.length, val: val.ids.length },
        withoutClass: photos.filter(({ classes }) => !classes.length).length,
      },
      precision: classifier.precision,
      rungs: rungs.sort((a, b) => order.indexOf(a.slug) - order.indexOf(b.slug)),
      stages: log.records,
    };
    await folder.writeJson('result.json', result);
    printLadder([result]);
    const page = await makeReport(result, classifier.losses, val, folder);
    return { path: await writeReport(folder.file('report.html'), page), result };
  } finally {
    backbone.dispose();
  }
}
