import type { SuiteResult } from './run-suite';

const mebibytes = (bytes: number | undefined): string =>
  bytes === undefined ? '–' : `${(bytes / 2 ** 20).toFixed(0)}`;

/** A run of the suite for a person: the backend, the seconds of each part, and what many training steps hold. */
export function describeRun({ report, seconds, held }: SuiteResult): string {
  const marks = held.marks.map((mark) =>
    [mark.step, mark.tensors, mebibytes(mark.bytes), mebibytes(mark.resident), mark.seconds]
      .map((value) => `${value}`.padStart(10))
      .join(''),
  );
  return [
    report,
    `seconds    ${JSON.stringify(seconds)}`,
    `training   ${held.steps} steps, loss ${held.loss.map((loss) => loss.toFixed(4)).join(' to ')}`,
    ['step', 'tensors', 'GPU MiB', 'resident', 'seconds'].map((title) => title.padStart(10)).join(''),
    ...marks,
  ].join('\n');
}
