import { formatTable, percent } from '../shared/format-table';
import { mebibytes } from '../shared/stopwatch';
import type { Run } from './make-report';
import { PSEUDO_RUNGS, RUNGS } from './rungs';
import { CLASSES } from './scenes/scene';

/** The rungs class by class: those of pseudo labels, and the last of the network. */
export const SHOWN_RUNGS = [...PSEUDO_RUNGS, ...RUNGS.filter(({ slug }) => slug === 'gatedCrf')];

/** Two tables for the terminal: every rung's mean, and the classes. */
export function printLadder({ rungs, precision, stopwatch }: Run): void {
  const ladder = RUNGS.map(({ slug, name, labels }) => {
    const { matrix, seconds } = rungs[slug];
    return [name, labels ? 'yes' : 'no', percent(matrix.meanIou()), seconds.toFixed(3)];
  });
  console.log('\nmean IoU of the masks of the test scenes, step by step\n');
  console.log(formatTable(['masks of', 'told the labels', 'mean IoU', 'seconds per scene'], ladder));
  const ious = SHOWN_RUNGS.map(({ slug }) => rungs[slug].matrix.iou());
  const rows = ['background', ...CLASSES].map((name, i) => [
    name,
    ...ious.map((iou) => percent(iou[i]!)),
    i ? percent(precision.perClass[i - 1]!) : '',
  ]);
  rows.push(['mean', ...SHOWN_RUNGS.map(({ slug }) => percent(rungs[slug].matrix.meanIou())), percent(precision.mean)]);
  console.log('\nIoU class by class, and average precision of the classifier\n');
  console.log(`${formatTable(['class', ...SHOWN_RUNGS.map(({ name }) => name), 'precision'], rows)}\n`);
  const widest = stopwatch.steps.reduce((a, b) => (b.memory > a.memory ? b : a));
  console.log(`memory: up to ${mebibytes(widest.memory)}, in "${widest.name}"`);
}
