// npm run example sipe-voc -- --data FOLDER --weights FILE: does training with SIPE's loss make image-specific maps of a
// frozen MobileNetV2 better? Settings are compared on a quarter of the training photos, and the chosen ones scored on val.
import { join, resolve } from 'node:path';
import { useBackend } from '@wsss/backend';
import { hostTensor, WsssError } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { progressBar } from '@wsss/train';
import { formatTable, percent } from '../shared/format-table';
import { Stopwatch } from '../shared/stopwatch';
import { loadBackbone } from '../voc/load-backbone';
import { openSplit } from '../voc/open-split';
import { augmentedFeatures } from '../voc/pooled-features';
import { readOptions } from '../voc/read-options';
import { CLASSES } from '../voc/settings';
import { trainHead } from '../voc/train-head';
import { kept } from './kept';
import { type MapVariant, remembered, scoreMaps } from './score-maps';
import { seePhotos } from './see-photos';
import { SIPE_HEAD, SIPE_VOC, TRIED } from './settings';
import { sideName } from './sides';
import { type SipeHead, type SipeHeadSettings, trainSipeHead } from './train-sipe-head';

try {
  const out = resolve(import.meta.dirname, '../../out/sipe-voc');
  const options = await readOptions(process.argv.slice(2), out);
  if (options) await run(options);
  else console.log('npm run example sipe-voc -- --data FOLDER --weights FILE [--out FOLDER] [--limit N]');
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}

/** Run again after a stop, it takes from `out` what was found before. */
async function run({ data, weights: file, out, limit }: NonNullable<Awaited<ReturnType<typeof readOptions>>>) {
  const { seed, every, factors, mapScales: scales } = SIPE_VOC;
  const stopwatch = new Stopwatch();
  await useBackend('wasm');
  const [train, val] = [await openSplit(data, 'train', limit), await openSplit(data, 'val', limit)];
  const backbone = await loadBackbone(file);
  const start = { data, file, seed, limit };
  const { rows, shape } = await kept(join(out, 'classifier.json'), start, async () => {
    const { weights } = await trainHead(await augmentedFeatures(backbone, train, SIPE_VOC), SIPE_VOC);
    return { rows: [...weights.values], shape: weights.shape };
  });
  const weights = hostTensor(Float32Array.from(rows), shape);
  stopwatch.lap('classifier');
  const taps = [...new Set([SIPE_HEAD.tap, SIPE_HEAD.structure, ...SIPE_HEAD.prototype])];
  const features = featureFunction(backbone, { taps });
  const photos = await seePhotos(features, train);
  stopwatch.lap('features');

  const learn = (label: string, settings: SipeHeadSettings): Promise<SipeHead> =>
    trainSipeHead(photos, weights, settings, { seed, onProgress: progressBar({ label }) });
  const waysOf = (
    { weights, sides }: Pick<SipeHead, 'weights' | 'sides'>,
    { tap, structure, prototype }: SipeHeadSettings,
    factors: readonly number[],
  ): MapVariant[] => {
    const taken = [...prototype, ...Object.keys(sides).map(sideName)];
    const way = { tap, weights, sides, structure: [structure], prototype: taken, scales };
    return factors.map((backgroundFactor) => ({ ...way, backgroundFactor }));
  };
  const untrained = { weights, sides: {} };

  // A quarter of the training photos is scored again and again, the rest not at all.
  const part = { ...train, ids: train.ids.filter((_, i) => i % every === 0) };
  const memories = new Map(part.ids.map((id) => [id, remembered(features)]));
  const table: string[][] = [];
  for (const [i, [name, settings]] of [['untrained', undefined] as const, ...Object.entries(TRIED)].entries()) {
    const row = await kept(join(out, `tried-${i}.json`), { ...start, settings, factors }, async () => {
      const head = settings && (await learn(name, settings));
      const ways = waysOf(head ?? untrained, settings ?? SIPE_HEAD, factors);
      const scored = await scoreMaps(name, (id) => memories.get(id)!, part, ways);
      const { classification, consistency } = head?.history.epochs.at(-1)?.terms ?? {};
      return {
        losses: [
          classification?.toFixed(3) ?? '',
          consistency === undefined ? '' : (consistency / settings!.consistencyWeight).toFixed(4),
        ],
        means: scored.map((matrix) => matrix.meanIou()),
      };
    });
    table.push([name, ...row.losses, ...row.means.map((mean) => percent(mean))]);
    console.log(`${name}: ${row.means.map((mean) => percent(mean)).join(', ')}`);
  }
  memories.clear();
  stopwatch.lap('comparison');
  const header = ['trained', 'classification', 'consistency', ...factors.map((factor) => `factor ${factor}`)];
  console.log(`\nmean IoU of IS-CAM on every ${every}th training photo\n${formatTable(header, table)}\n`);

  const columns = await kept(join(out, 'val.json'), { ...start, SIPE_HEAD, SIPE_VOC }, async () => {
    const head = await learn('chosen', SIPE_HEAD);
    const { isCam, untrainedFactor, trainedFactor } = SIPE_VOC;
    const ways = [
      ...waysOf(untrained, SIPE_HEAD, [isCam.backgroundFactor!, untrainedFactor]),
      ...waysOf(head, SIPE_HEAD, [trainedFactor]),
    ];
    const scored = await scoreMaps('val', () => remembered(features), val, ways);
    return scored.map((matrix) => [...matrix.iou(), matrix.meanIou()]);
  });
  stopwatch.lap('val');
  const names = ['background', ...CLASSES, 'mean'];
  const { isCam, untrainedFactor, trainedFactor } = SIPE_VOC;
  const titles = [`untrained, ${isCam.backgroundFactor}`, `untrained, ${untrainedFactor}`, `trained, ${trainedFactor}`];
  const lines = names.map((name, i) => [name, ...columns.map((column) => percent(column[i]!))]);
  console.log(formatTable(['IoU of IS-CAM on val', ...titles], lines));
  console.log(`\n${stopwatch.steps.map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`).join(', ')}`);
}
