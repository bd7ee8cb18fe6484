// npm run example segmentation-voc -- --data FOLDER --weights FILE: for how long should the network learn, of which masks,
// and at which sizes should it see a photo? Compared on a quarter of the training photos, which it does not learn from;
// none of val is looked at. The masks are those of `npm run voc`, which comes first.
import { join, resolve } from 'node:path';
import { useBackend } from '@wsss/backend';
import { FormatError, WsssError } from '@wsss/core';
import { agreedLabels } from '../shared/agreed-labels';
import { formatTable, percent } from '../shared/format-table';
import { kept } from '../sipe-voc/kept';
import { openSplit, type Split } from '../voc/open-split';
import { readOptions } from '../voc/read-options';
import { RunFolder } from '../voc/run-folder';
import { shortName } from '../voc/rungs';
import { SETTINGS } from '../voc/settings';
import { StageLog } from '../voc/stage-log';
import { learnSegmentation } from '../voc/stages/learn-segmentation';
import { scoreHeldOut } from './score-held-out';
import { HELD_OUT, SIZES, VARIANTS } from './settings';

try {
  const options = await readOptions(process.argv.slice(2), resolve(import.meta.dirname, '../../out/voc'));
  if (options) await run(options);
  else
    console.log(
      'npm run example segmentation-voc -- --data FOLDER --weights FILE [--out FOLDER OF voc] [--seed N] [--limit N]',
    );
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}

/** Run again after a stop, it goes on where it was. */
async function run({ data, weights, out, limit, seed }: NonNullable<Awaited<ReturnType<typeof readOptions>>>) {
  await useBackend('wasm');
  const train = await openSplit(data, 'train', limit);
  const learned = part(train, (i) => i % HELD_OUT > 0);
  const heldOut = part(train, (i) => i % HELD_OUT === 0);
  const voc = new RunFolder(join(out, `seed-${seed}`));
  for (const id of learned.ids) {
    for (const rung of new Set(VARIANTS.flatMap(({ masks }) => masks))) {
      if (await voc.hasMask(rung, id)) continue;
      const file = voc.file('masks', rung, `${id}.png`);
      throw new FormatError(file, 'a mask of `npm run voc` with the same --out and --seed', 'nothing there');
    }
  }
  const rows: string[][] = [];
  for (const { epochs, masks } of VARIANTS) {
    const name = `${epochs} epochs, ${masks.join(' ')}`;
    const folder = new RunFolder(voc.file('held-out', name));
    const settings = { ...SETTINGS, seed, limit, segmentation: { ...SETTINGS.segmentation, epochs } };
    await folder.belongTo(settings);
    const found = await kept(folder.file('scores.json'), { data, weights, settings, SIZES }, async () => {
      const context = { settings, weightsFile: weights, train: learned, folder, log: await StageLog.open(folder) };
      const { network, dispose } = await learnSegmentation(context, 'network', async (id) => {
        const [first, ...others] = await Promise.all(masks.map((rung) => voc.readMask(rung, id)));
        return agreedLabels(first!, ...others);
      });
      try {
        return await scoreHeldOut(network, heldOut, SIZES);
      } finally {
        dispose();
      }
    });
    rows.push([
      `${epochs}`,
      masks.map((rung) => shortName(rung)).join(' = '),
      ...found.flatMap(({ alone, told }) => [percent(alone), percent(told)]),
    ]);
  }
  console.log(`\nmean IoU on ${heldOut.ids.length} training photos, of networks of the ${learned.ids.length} others\n`);
  const header = SIZES.flatMap((sizes) => [`alone, ${sizes.join(' ')}`, `told, ${sizes.join(' ')}`]);
  console.log(formatTable(['epochs', 'masks', ...header], rows));
}

function part(split: Split, wanted: (index: number) => boolean): Split {
  return { ...split, ids: split.ids.filter((_, i) => wanted(i)) };
}
