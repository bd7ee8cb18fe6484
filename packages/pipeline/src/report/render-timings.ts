import { ValueError } from '@wsss/core';
import type { TimingsSection } from './content';
import { formatSeconds, formatValue } from './format-value';
import { type Html, html } from './html';

/** A bar for each step, where it began and how long it took, if the steps ran one after another. */
export function renderTimings({ steps }: TimingsSection): Html {
  for (const { name, seconds } of steps) {
    if (!(seconds >= 0) || !Number.isFinite(seconds)) {
      throw new ValueError('report', `seconds of '${name}'`, 'to be a time, 0 or more', seconds);
    }
  }
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const share = (seconds: number) => (total > 0 ? seconds / total : 0);
  let begin = 0;
  return html`<div class="scroll"><table class="timings">
<thead><tr><th scope="col">Step</th><th scope="col" class="number">Time</th><th scope="col" class="number">Share</th>
<td aria-hidden="true"></td></tr></thead>
<tbody>${steps.map(({ name, seconds, note }) => {
    const row = html`<tr><th scope="row">${name}${note !== undefined && html`<small>${note}</small>`}</th>
<td class="number">${formatSeconds(seconds)}</td><td class="number">${formatValue(share(seconds), 'percent', 0)}</td>
<td class="span" aria-hidden="true"><i style="margin-left:${percent(share(begin))};width:${percent(share(seconds))}"></i></td></tr>`;
    begin += seconds;
    return row;
  })}</tbody>
<tfoot><tr class="total"><th scope="row">Together</th><td class="number">${formatSeconds(total)}</td><td></td><td></td></tr></tfoot>
</table></div>`;
}

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
