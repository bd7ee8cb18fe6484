import type { Held } from './many-steps';
import type { SuiteResult } from './run-suite';

const mebibytes = (bytes: number | undefined): string =>
  bytes === undefined ? '–' : `${(bytes / 2 ** 20).toFixed(0)}`;

/** What many training steps hold, for a person. */
export function describeSteps({ steps, loss, marks, resident }: Held): string {
  const row = (cells: readonly (string | number)[]) => cells.map((cell) => `${cell}`.padStart(10)).join('');
  return [
    `training   ${steps} steps, loss ${loss.map((value) => value.toFixed(4)).join(' to ')}`,
    row(['step', 'tensors', 'GPU MiB', 'resident', 'seconds']),
    ...marks.map((mark) =>
      row([mark.step, mark.tensors, mebibytes(mark.bytes), mebibytes(mark.resident), mark.seconds]),
    ),
    ...(resident ? [`resident, medians of the two halves: ${resident.map(mebibytes).join(' and ')} MiB`] : []),
  ].join('\n');
}

/** A run of the suite for a person: the backend, the seconds of each part, and what many training steps hold. */
export function describeRun({ report, seconds, held }: SuiteResult): string {
  return [report, `seconds    ${JSON.stringify(seconds)}`, describeSteps(held)].join('\n');
}
