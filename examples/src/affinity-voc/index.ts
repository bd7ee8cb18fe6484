// npm run example affinity-voc -- --data FOLDER --weights FILE: does a random walk with learned affinities make masks
// better? A classifier on a frozen MobileNetV2, its CAMs, an AffinityNet trained on what a CRF makes of them, the walk.
import { resolve } from 'node:path';
import { AffinityNet } from '@wsss/affinity';
import { useBackend } from '@wsss/backend';
import { type Classifier, ValueError, WsssError } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { saveBytes, writeSafetensors } from '@wsss/formats';
import { stateDict } from '@wsss/networks';
import { formatTable, percent } from '../shared/format-table';
import { Stopwatch } from '../shared/stopwatch';
import { chooseThreshold } from '../voc/choose-threshold';
import { loadBackbone } from '../voc/load-backbone';
import { openSplit } from '../voc/open-split';
import { augmentedFeatures } from '../voc/pooled-features';
import { readOptions, type VocOptions } from '../voc/read-options';
import { CLASSES } from '../voc/settings';
import { trainHead } from '../voc/train-head';
import { scoreWalks } from './score-walks';
import { AFFINITY_SETTINGS } from './settings';
import { trainOnCams } from './train-on-cams';

try {
  const out = resolve(import.meta.dirname, '../../out/affinity-voc');
  const options = await readOptions(process.argv.slice(2), out);
  if (options?.bound) throw new ValueError('affinity-voc', '--bound', 'to be left out', true);
  if (options) await run(options);
  else
    console.log(
      'npm run example affinity-voc -- --data FOLDER --weights FILE [--limit N] [--seed N]; the options are those of `npm run voc`.',
    );
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}

async function run({ data, weights: file, out, limit, seed }: VocOptions) {
  const settings = { ...AFFINITY_SETTINGS, limit, seed };
  const stopwatch = new Stopwatch();
  await useBackend('wasm');
  const [train, val] = [await openSplit(data, 'train', limit), await openSplit(data, 'val', limit)];
  const backbone = await loadBackbone(file);

  const { weights } = await trainHead(await augmentedFeatures(backbone, train, settings), settings);
  const tap = backbone.classifierTap;
  const classifier: Classifier = { features: featureFunction(backbone, { taps: [tap] }), tap, weights };
  stopwatch.lap('classifier');
  const { best } = await chooseThreshold(classifier, train, settings);
  stopwatch.lap('threshold of the CAMs');

  const network = AffinityNet(backbone, { head: 'mobilenetV2', seed: settings.seed });
  const { history, shares } = await trainOnCams(network, classifier, train, settings);
  stopwatch.lap('AffinityNet');
  const head = [...network.parameters].filter(([name]) => !backbone.parameters.has(name));
  const saved = await stateDict({ parameters: new Map(head) });
  await saveBytes(resolve(out, 'affinity-head.safetensors'), await writeSafetensors(saved));

  const { cam, walks, secondsPerWalk } = await scoreWalks(network, classifier, val, best.threshold, settings);
  stopwatch.lap('walks');
  console.log(
    `\ncells: background ${percent(shares.background)}, foreground ${percent(shares.foreground)}, ignored ${percent(shares.ignored)}`,
  );
  console.log(`loss by epoch: ${history.epochs.map(({ loss }) => loss.toFixed(3)).join(' ')}\n`);
  const columns = [cam, ...walks.map(({ matrix }) => matrix)];
  const rows = ['background', ...CLASSES].map((name, i) => [name, ...columns.map((m) => percent(m.iou()[i]!))]);
  rows.push(['mean', ...columns.map((matrix) => percent(matrix.meanIou()))]);
  const header = ['val IoU', `CAM > ${best.threshold}`, ...walks.map(({ steps }) => `walk, ${steps} steps`)];
  console.log(formatTable(header, rows));
  console.log(`\nseconds per walk, with resizing: ${secondsPerWalk.toFixed(3)}`);
  console.log(stopwatch.steps.map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`).join(', '));
  stopwatch.stop();
}
