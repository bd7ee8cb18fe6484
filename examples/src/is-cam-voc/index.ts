// npm run example is-cam-voc -- --data FOLDER --weights FILE: which taps, scales and factor of the background give the best
// image-specific maps of a frozen MobileNetV2? All are compared on the training photos; none of val is looked at.
import { join, resolve } from 'node:path';
import { useBackend } from '@wsss/backend';
import { hostTensor, WsssError } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { formatTable, percent } from '../shared/format-table';
import { kept } from '../sipe-voc/kept';
import { type MapVariant, scoreMaps } from '../sipe-voc/score-maps';
import { loadBackbone } from '../voc/load-backbone';
import { openSplit } from '../voc/open-split';
import { augmentedFeatures } from '../voc/pooled-features';
import { readOptions } from '../voc/read-options';
import { trainHead } from '../voc/train-head';
import { IS_CAM_VOC } from './settings';

try {
  const out = resolve(import.meta.dirname, '../../out/is-cam-voc');
  const options = await readOptions(process.argv.slice(2), out);
  if (options) await run(options);
  else console.log('npm run example is-cam-voc -- --data FOLDER --weights FILE [--out FOLDER] [--limit N]');
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}

/** Run again after a stop, it takes from `out` what was found before. */
async function run({ data, weights: file, out, limit, seed }: NonNullable<Awaited<ReturnType<typeof readOptions>>>) {
  await useBackend('wasm');
  const settings = { ...IS_CAM_VOC, seed };
  const train = await openSplit(data, 'train', limit);
  const backbone = await loadBackbone(file);
  const start = { data, file, limit, settings };
  const classifier = await kept(join(out, 'classifier.json'), start, async () => {
    const { weights } = await trainHead(await augmentedFeatures(backbone, train, settings), settings);
    return { values: [...weights.values], shape: weights.shape };
  });
  const tap = backbone.classifierTap;
  const weights = hostTensor(Float32Array.from(classifier.values), classifier.shape);
  const taps = [
    ...new Set([tap, ...settings.tried.flatMap(({ structure, prototype }) => [...structure, ...prototype])]),
  ];
  const features = featureFunction(backbone, { taps });

  // What is seen at the same sizes is computed together.
  const means = new Map<string, readonly number[]>();
  for (const sizes of new Set(settings.tried.map(({ scales }) => scales.join(' + ')))) {
    const group = settings.tried.filter(({ scales }) => scales.join(' + ') === sizes);
    const found = await kept(join(out, `scales ${sizes}.json`), { ...start, classifier }, async () => {
      const ways = group.map(
        (choice): MapVariant => ({ tap, weights, sides: {}, ...choice, factors: settings.factors }),
      );
      const scored = await scoreMaps(`scales ${sizes}`, features, train, ways);
      return scored.map((way) => way.map((matrix) => matrix.meanIou()));
    });
    for (const [i, choice] of group.entries()) means.set(JSON.stringify(choice), found[i]!);
  }
  const rows = settings.tried.map((choice) => [
    choice.structure.map(shortened).join(' + '),
    choice.prototype.map(shortened).join(' + '),
    choice.scales.join(' + '),
    ...means.get(JSON.stringify(choice))!.map((mean) => percent(mean)),
  ]);
  const header = ['structure', 'prototypes', 'scales', ...settings.factors.map((factor) => `factor ${factor}`)];
  console.log(`\nmean IoU of IS-CAM on the ${train.ids.length} training photos, seed ${seed}; taps features.N\n`);
  console.log(formatTable(header, rows));
}

/** `features.14` to `14`. */
function shortened(tap: string): string {
  return tap.replace('features.', '');
}
