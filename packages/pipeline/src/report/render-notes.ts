import type { NotesSection } from './content';
import { type Html, html } from './html';

/** Paragraphs, a list, a command. */
export function renderNotes({ paragraphs = [], items = [], code }: NotesSection): Html {
  return html`${paragraphs.map((text) => html`<p class="note">${text}</p>`)}
${items.length > 0 && html`<ul>${items.map((text) => html`<li>${text}</li>`)}</ul>`}
${code !== undefined && html`<pre><code>${code}</code></pre>`}`;
}
