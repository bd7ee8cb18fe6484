import { ValueError } from '@wsss/core';
import type { TableColumn, TableSection } from './content';
import { cssColour } from './css-colour';
import { formatValue } from './format-value';
import { type Html, html } from './html';

/** A table whose numbers can have bars behind them. */
export function renderTable({ title, columns, rows }: TableSection): Html {
  for (const { cells } of rows) {
    if (cells.length !== columns.length) {
      throw new ValueError('report', `rows of '${title}'`, `to have ${columns.length} cells, one per column`, cells);
    }
  }
  const largest = columns.map(({ format }, i) =>
    format === 'percent' ? 1 : rows.reduce((most, { cells }) => Math.max(most, finite(cells[i]!)), 0),
  );
  return html`<div class="scroll"><table>
<thead><tr>${columns.map(
    (column, i) =>
      html`<th scope="col" class="${i && column.format !== 'text' ? 'number' : 'text'}">${column.label}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    ({ cells, colour, total }) =>
      html`<tr${total && html` class="total"`}>${cells.map((cell, i) => {
        const column = columns[i]!;
        if (i) return td(cell, column, largest[i]!);
        const swatch = colour && html`<i class="swatch" style="background:${cssColour(colour)}"></i>`;
        return html`<th scope="row">${swatch}${formatValue(cell, column.format ?? 'text', column.digits)}</th>`;
      })}</tr>`,
  )}</tbody></table></div>`;
}

function td(cell: string | number | null, { format = 'number', digits, bar }: TableColumn, largest: number): Html {
  const text = formatValue(cell, format, digits);
  if (format === 'text') return html`<td class="text">${text}</td>`;
  if (!bar || typeof cell !== 'number') return html`<td class="number">${text}</td>`;
  const share = largest > 0 ? Math.min(1, Math.max(0, finite(cell) / largest)) : 0;
  return html`<td class="number bar"><i style="width:${(share * 100).toFixed(1)}%"></i><span>${text}</span></td>`;
}

const finite = (cell: string | number | null) => (typeof cell === 'number' && Number.isFinite(cell) ? cell : 0);
