import { ValueError } from '@wsss/core';
import { type ConfusionMatrix, mean } from './confusion-matrix';

export interface ClassTableOptions {
  /** The classes' names, the background's first. @default their indices */
  readonly names?: readonly string[];
  /** Aligned text for a terminal, a Markdown table, or CSV with plain numbers. @default 'text' */
  readonly format?: 'text' | 'markdown' | 'csv';
}

const columns = ['IoU', 'accuracy', 'false positive', 'false negative', 'pixels'] as const;

/**
 * The figures of a confusion matrix as a table: one row per class, and the mean over the classes that are there.
 *
 * Columns: IoU, class accuracy, false positives and negatives (shares of the union), and the pixels of the target.
 * Text and Markdown show percentages, and `–` where a class is absent; CSV holds fractions, and nothing there.
 *
 * @throws {ValueError} if there is not one name per class, the format is unknown, or no pixel was counted.
 */
export function classTable(matrix: ConfusionMatrix, { names, format = 'text' }: ClassTableOptions = {}): string {
  const where = 'classTable';
  const labels = names ?? Array.from({ length: matrix.classes }, (_, c) => String(c));
  if (labels.length !== matrix.classes) {
    throw new ValueError(
      where,
      'names',
      `to hold ${matrix.classes} names`,
      labels,
      "The background comes first: ['background', ...VOC_CLASSES].",
    );
  }
  const writers = { text, markdown, csv } as const;
  if (!Object.hasOwn(writers, format)) {
    throw new ValueError(where, 'format', "to be 'text', 'markdown' or 'csv'", format);
  }
  const figures = [
    matrix.iou(),
    matrix.classAccuracy(),
    matrix.falsePositiveRate(),
    matrix.falseNegativeRate(),
    matrix.classCounts().map(({ target }) => target),
  ];
  const rows: Row[] = labels.map((name, c) => ({ name, values: figures.map((column) => column[c]!) }));
  matrix.meanIou(); // throws where nothing was counted
  const means = figures.slice(0, -1).map((column) => mean(where, column, 'skip'));
  rows.push({ name: 'mean', values: [...means, matrix.total] });
  return writers[format](rows);
}

interface Row {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

function shown(values: Row['values']): string[] {
  return values.map((value, i) => {
    if (value === null) return '–';
    return columns[i] === 'pixels' ? String(value) : `${(value * 100).toFixed(1)} %`;
  });
}

function text(rows: readonly Row[]): string {
  const cells = [['class', ...columns], ...rows.map(({ name, values }) => [name, ...shown(values)])];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => [...row[i]!].length)));
  const pad = (cell: string, i: number) => ' '.repeat(widths[i]! - [...cell].length);
  const lines = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell + pad(cell, i) : pad(cell, i) + cell)).join('  '),
  );
  lines.splice(-1, 0, '-'.repeat([...lines[0]!].length));
  return lines.join('\n');
}

function markdown(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const escaped = (name: string) => name.replaceAll(/[\\|]/g, '\\$&').replaceAll(/\s+/g, ' ');
  return [
    line(['class', ...columns]),
    `|---|${'---:|'.repeat(columns.length)}`,
    ...rows.map(({ name, values }) => line([escaped(name), ...shown(values)])),
  ].join('\n');
}

/** RFC 4180: quotes around what holds a comma, a quote or a line break. */
function csv(rows: readonly Row[]): string {
  const quoted = (name: string) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  return [
    ['class', ...columns].join(','),
    ...rows.map(({ name, values }) => [quoted(name), ...values.map((value) => value ?? '')].join(',')),
  ].join('\n');
}
