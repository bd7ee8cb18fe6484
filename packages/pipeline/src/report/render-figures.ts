import type { FiguresSection } from './content';
import { formatValue } from './format-value';
import { type Html, html } from './html';

/** Numbers in large type, side by side. */
export function renderFigures({ figures }: FiguresSection): Html {
  return html`<dl class="figures">${figures.map(
    ({ label, value, format, digits, note }) => html`<div><dt>${label}</dt>
<dd><b>${formatValue(value, format, digits)}</b>${note !== undefined && html`<span>${note}</span>`}</dd></div>`,
  )}</dl>`;
}
