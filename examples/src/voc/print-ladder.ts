import { formatTable, percent } from '../shared/format-table';
import { mebibytes } from '../shared/stopwatch';
import type { VocResult } from './result';
import { RUNGS, shortName } from './rungs';
import { CLASSES } from './settings';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** `null` where a class is nowhere. */
const meanOrNone = (values: readonly (number | null)[]): number | null => {
  const found = values.filter((value) => value !== null);
  return found.length ? mean(found) : null;
};

/** Means over the runs, the range of the runs, and the mean interval over photos. */
export function printLadder(results: readonly VocResult[]): void {
  const several = results.length > 1;
  const rows = RUNGS.flatMap(({ slug, name, labels }) => {
    const found = results.flatMap(({ rungs }) => rungs.filter((rung) => rung.slug === slug));
    if (!found.length) return [];
    const val = found.map((rung) => rung.val.meanIou);
    const train = found.flatMap((rung) => (rung.train ? [rung.train.meanIou] : []));
    const seconds = found.flatMap((rung) => (rung.seconds === null ? [] : [rung.seconds]));
    return [
      [
        name,
        labels ? 'yes' : 'no',
        train.length ? percent(mean(train)) : '–',
        percent(mean(val)),
        ...(several ? [val.map((value) => (100 * value).toFixed(1)).join(' ')] : []),
        `${percent(mean(found.map((rung) => rung.val.interval.low)))} to ${percent(mean(found.map((rung) => rung.val.interval.high)))}`,
        seconds.length ? mean(seconds).toFixed(3) : '–',
      ],
    ];
  });
  const header = [
    ...['masks of', 'told the labels', 'train', 'val'],
    ...(several ? ['val, each seed'] : []),
    ...['val with other photos', 'seconds per photo'],
  ];
  const seeds = results.map(({ settings }) => settings.seed).join(', ');
  console.log(
    `\nmean IoU of background and ${CLASSES.length} classes, ${several ? `mean of seeds ${seeds}` : `seed ${seeds}`}\n`,
  );
  console.log(formatTable(header, rows));

  const last = results[0]!.rungs.map((rung) =>
    results.flatMap(({ rungs }) => rungs.filter(({ slug }) => slug === rung.slug)),
  );
  const classes = ['background', ...CLASSES].map((name, c) => [
    name,
    ...last.map((same) => percent(meanOrNone(same.map((rung) => rung.val.iou[c]!)))),
  ]);
  console.log(
    `\nIoU on val, class by class\n\n${formatTable(['class', ...results[0]!.rungs.map(({ slug }) => shortName(slug))], classes)}`,
  );

  const stages = Object.keys(results[0]!.stages).map((stage) => {
    const records = results.flatMap(({ stages }) => stages[stage] ?? []);
    return { stage, seconds: mean(records.map((r) => r.seconds)), memory: Math.max(...records.map((r) => r.memory)) };
  });
  const total = (wanted: (stage: string) => boolean) =>
    stages.filter(({ stage }) => wanted(stage)).reduce((sum, { seconds }) => sum + seconds, 0);
  console.log(
    `\n${formatTable(
      ['stage', 'seconds', 'memory up to'],
      stages.map(({ stage, seconds, memory }) => [stage, seconds.toFixed(0), mebibytes(memory)]),
    )}`,
  );
  const chain = total((stage) => !stage.includes('bound')) / 60;
  console.log(`\n${chain.toFixed(1)} minutes per seed, the network of true masks not counted.`);
  console.log(
    `mean average precision of the classifier on val: ${percent(mean(results.map((r) => r.precision.mean)))}`,
  );
}
