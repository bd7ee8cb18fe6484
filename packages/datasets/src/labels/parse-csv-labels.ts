import { FormatError } from '@wsss/core';
import { stemOf } from '../folder/stem-of';
import { checkLabels, type Labels } from './check-labels';

/**
 * Lines of an id (or an image's file name) and class names, `a1,cat,sofa` or `a1,cat;sofa`; or a table of 0 and 1 whose
 * first line names the classes, `id,cat,dog`. An id may come again with more names. Cells may be in quotes.
 */
export function parseCsvLabels(text: string, file: string, classes: readonly string[]): Labels {
  const rows = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line, i) => ({
      line: i + 1,
      cells: line.split(/[,\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const body = rows.slice(1);
  const head = rows[0]?.cells ?? [];
  const binary = ({ cells }: { cells: string[] }) =>
    cells.length > 1 && cells.slice(1).every((cell) => /^[01]$/.test(cell));
  const table = body.length > 0 && body.every(binary);
  const titled = table || /^(id|ids|image|image_id|name|file|filename|photo)$/i.test(head[0] ?? '');
  const columns = table ? checkLabels(file, 'the columns', head.slice(1), classes) : [];

  const labels = new Map<string, readonly string[]>();
  for (const { line, cells } of titled ? body : rows) {
    const id = stemOf(cells[0]!);
    if (id === '') throw new FormatError(file, `an id in line ${line}`, 'none');
    if (table && cells.length !== columns.length + 1) {
      throw new FormatError(file, `${columns.length + 1} cells in line ${line}`, `${cells.length}`);
    }
    const names = table
      ? columns.filter((_, i) => cells[i + 1] === '1')
      : cells.slice(1).flatMap((cell) => cell.split(';').map((name) => name.trim()));
    const given = names.filter((name) => name !== '');
    labels.set(id, checkLabels(file, `'${id}'`, [...(labels.get(id) ?? []), ...given], classes));
  }
  return labels;
}
