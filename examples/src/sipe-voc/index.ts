// npm run example sipe-voc -- --data FOLDER --weights FILE: does training with SIPE's loss make image-specific maps of a
// frozen MobileNetV2 better? Settings are compared on the training photos, and the chosen ones scored on val.
import { join, resolve } from 'node:path';
import { useBackend } from '@wsss/backend';
import { type HostTensor, hostTensor, WsssError } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { progressBar } from '@wsss/train';
import { formatTable, percent } from '../shared/format-table';
import { Stopwatch } from '../shared/stopwatch';
import { loadBackbone } from '../voc/load-backbone';
import { openSplit, type Split } from '../voc/open-split';
import { augmentedFeatures } from '../voc/pooled-features';
import { readOptions } from '../voc/read-options';
import { CLASSES } from '../voc/settings';
import { trainHead } from '../voc/train-head';
import { kept } from './kept';
import { type MapVariant, scoreMaps } from './score-maps';
import { seePhotos } from './see-photos';
import { SIPE_HEAD, SIPE_VOC, TRIED } from './settings';
import { sideName } from './sides';
import { type SeenPhoto, type SipeHead, type SipeHeadSettings, trainSipeHead } from './train-sipe-head';

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

/** What makes maps: weights as JSON keeps them, and what the training said last. */
interface Head {
  readonly weights: Rows;
  readonly sides: Readonly<Record<string, Rows>>;
  readonly losses: readonly string[];
}

interface Rows {
  readonly values: readonly number[];
  readonly shape: readonly number[];
}

/** Run again after a stop, it takes from `out` what was found before. */
async function run({ data, weights: file, out, limit, seed }: NonNullable<Awaited<ReturnType<typeof readOptions>>>) {
  const { factors, isCam, sipe } = SIPE_VOC;
  const stopwatch = new Stopwatch();
  await useBackend('wasm');
  const [train, val] = [await openSplit(data, 'train', limit), await openSplit(data, 'val', limit)];
  const backbone = await loadBackbone(file);
  const start = { data, file, seed, limit };
  const settings = { ...SIPE_VOC, seed };
  const classifier = await kept(join(out, 'classifier.json'), { ...start, settings }, async () => {
    const { weights } = await trainHead(await augmentedFeatures(backbone, train, settings), settings);
    return asRows(weights);
  });
  stopwatch.lap('classifier');

  let seen: SeenPhoto[] | undefined;
  const taps = [...new Set([SIPE_HEAD.tap, SIPE_HEAD.structure, ...SIPE_HEAD.prototype])];
  const heads: Record<string, Head> = { nothing: { weights: classifier, sides: {}, losses: ['', ''] } };
  for (const [i, [name, training]] of Object.entries(TRIED).entries()) {
    heads[name] = await kept(join(out, `head-${i}.json`), { ...start, classifier, training }, async () => {
      seen ??= await seePhotos(featureFunction(backbone, { taps }), train);
      const bar = progressBar({ label: name });
      return headOf(await trainSipeHead(seen, asTensor(classifier), training, { seed, onProgress: bar }), training);
    });
  }
  seen = undefined;
  stopwatch.lap('training');

  // A branch stands for its tap.
  const wayOf = ({ weights, sides }: Head, ...factors: readonly number[]): MapVariant => ({
    tap: SIPE_HEAD.tap,
    weights: asTensor(weights),
    sides: Object.fromEntries(Object.entries(sides).map(([tap, rows]) => [tap, asTensor(rows)])),
    structure: isCam.structure,
    prototype: isCam.prototype.map((tap) => (tap in sides ? sideName(tap) : tap)),
    scales: isCam.scales,
    factors,
  });
  const features = featureFunction(backbone, {
    taps: [...new Set([SIPE_HEAD.tap, ...isCam.structure, ...isCam.prototype])],
  });
  const score = (split: Split, ways: readonly MapVariant[]) =>
    kept(join(out, `${split.name}.json`), { ...start, ways: ways.map((way) => JSON.stringify(way)) }, async () => {
      const scored = await scoreMaps(split.name, features, split, ways);
      return scored.map((way) => way.map((matrix) => ({ mean: matrix.meanIou(), iou: matrix.iou() })));
    });

  const onTrain = await score(
    train,
    Object.values(heads).map((head) => wayOf(head, ...factors)),
  );
  stopwatch.lap('training photos');
  const lines = Object.entries(heads).map(([name, { losses }], i) => [
    ...[name, ...losses],
    ...onTrain[i]!.map(({ mean }) => percent(mean)),
  ]);
  const header = ['trained', 'classification', 'consistency', ...factors.map((factor) => `factor ${factor}`)];
  console.log(`\nmean IoU of IS-CAM on the ${train.ids.length} training photos\n${formatTable(header, lines)}\n`);

  const chosen = Object.entries(TRIED).find(([, training]) => training === SIPE_HEAD)![0];
  const untrained = isCam.backgroundFactor ?? 0.5;
  const onVal = await score(val, [wayOf(heads.nothing!, untrained), wayOf(heads[chosen]!, sipe.backgroundFactor)]);
  stopwatch.lap('val');
  const titles = [`nothing trained, factor ${untrained}`, `${chosen}, factor ${sipe.backgroundFactor}`];
  const columns = onVal.flat();
  const perClass = ['background', ...CLASSES].map((name, c) => [name, ...columns.map(({ iou }) => percent(iou[c]!))]);
  perClass.push(['mean', ...columns.map(({ mean }) => percent(mean))]);
  console.log(`${formatTable([`IoU of IS-CAM on ${val.ids.length} val photos`, ...titles], perClass)}\n`);
  console.log(stopwatch.steps.map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`).join(', '));
  stopwatch.stop();
}

function asRows({ values, shape }: HostTensor): Rows {
  return { values: [...values], shape };
}

function asTensor({ values, shape }: Rows): HostTensor {
  return hostTensor(Float32Array.from(values), shape);
}

function headOf({ weights, sides, history }: SipeHead, { consistencyWeight }: SipeHeadSettings): Head {
  const { classification, consistency } = history.epochs.at(-1)!.terms;
  return {
    weights: asRows(weights),
    sides: Object.fromEntries(Object.entries(sides).map(([tap, side]) => [tap, asRows(side)])),
    losses: [classification!.toFixed(3), (consistency! / consistencyWeight).toFixed(4)],
  };
}
