import type { KernelRow } from './kernel-recorder';
import type { ProfileFigures } from './profile';

/** Wider shapes are cut off. */
const SHAPE = 72;

const milliseconds = (seconds: number): string => (seconds * 1000).toFixed(2);
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const rate = (amount: number | undefined, seconds: number): string =>
  amount && seconds > 0 ? (amount / seconds / 1e9).toFixed(1) : '–';

/** The kernels, the slowest shapes, and the memory, as text. */
export function profileTable(figures: ProfileFigures, mostRows: number): string {
  const { backend, device, threads, seconds, kernelSeconds, calls, rows, kernels } = figures;
  const on = [device, threads === undefined ? '' : `${threads} thread${threads === 1 ? '' : 's'}`].filter(Boolean);
  const share = (part: number) => (seconds > 0 ? `${((100 * part) / seconds).toFixed(1)} %` : '–');
  const cells = (row: KernelRow | Omit<KernelRow, 'shape'>) => [
    `${row.calls}`,
    milliseconds(row.seconds),
    share(row.seconds),
    rate(row.flops, row.seconds),
    rate(row.bytes, row.seconds),
  ];
  const head = ['calls', 'ms', 'share', 'GFLOP/s', 'GB/s'];
  const shown = rows.slice(0, mostRows);
  const rest = rows.length - shown.length;
  const outside = Math.max(0, seconds - kernelSeconds);
  return [
    `backend '${backend}'${on.length > 0 ? ` (${on.join(', ')})` : ''}: ${milliseconds(seconds)} ms, ${calls} calls of kernels`,
    '',
    ...aligned([
      ['kernel', ...head],
      ...kernels.map((kernel) => [kernel.kernel, ...cells(kernel)]),
      ['outside kernels', '', milliseconds(outside), share(outside), '', ''],
    ]),
    '',
    ...aligned([
      ['kernel and shape', ...head],
      ...shown.map((row) => [cut(`${row.kernel} ${row.shape}`), ...cells(row)]),
    ]),
    ...(rest > 0 ? [`… and ${rest} more shape${rest === 1 ? '' : 's'}`] : []),
    '',
    `tensors  ${mebibytes(figures.peakBytes)} at most, ${mebibytes(figures.bytesBefore)} before, ${mebibytes(figures.bytesAfter)} after`,
    ...(figures.heapBytes === undefined
      ? []
      : [
          `heap     ${mebibytes(figures.heapBytes)}, ${mebibytes(figures.heapBytes - figures.heapBefore!)} of them new`,
        ]),
    ...figures.unknown.map((sentence) => `not known: ${sentence}`),
  ].join('\n');
}

/** The first column to the left, the others to the right. */
function aligned(lines: readonly string[][]): string[] {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(Math.max(8, widths[column]!))))
      .join(' ')
      .trimEnd(),
  );
}

const cut = (text: string): string => (text.length > SHAPE ? `${text.slice(0, SHAPE - 1)}…` : text);
