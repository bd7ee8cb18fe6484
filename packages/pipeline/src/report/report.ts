import { ValueError } from '@wsss/core';
import type { ReportContent, ReportSection } from './content';
import { type Html, html, raw } from './html';
import { renderCover } from './render-cover';
import { renderCurves } from './render-curves';
import { renderFigures } from './render-figures';
import { renderImages } from './render-images';
import { renderNotes } from './render-notes';
import { renderSettings } from './render-settings';
import { renderTable } from './render-table';
import { renderTimings } from './render-timings';
import { STYLE } from './style';

/**
 * One HTML page that stands alone: its style, curves (SVG) and pictures (PNG) are inside it; it runs no script and
 * fetches nothing, follows the reader's light or dark setting, and prints. All text is escaped.
 *
 * @param content Title, facts and sections: figures, tables, curves, images, notes, timings, settings, in any order.
 * @returns The page's text. {@link writeReport} writes it to a file.
 * @throws {ValueError} for a section of unknown type, a row that does not fit its table, a chart without points.
 * @throws {ShapeError} for a picture of the wrong shape.
 */
export async function report(content: ReportContent): Promise<string> {
  const { title, subtitle, facts = [], cover = [], sections } = content;
  if (typeof title !== 'string' || !title) throw new ValueError('report', 'title', 'to be some text', title);
  if (!Array.isArray(sections)) throw new ValueError('report', 'sections', 'to be a list of sections', sections);
  const bodies: Html[] = [];
  for (const [i, section] of (sections as readonly ReportSection[]).entries()) {
    bodies.push(await renderSection(section, `s${i + 1}`));
  }
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="@wsss/pipeline">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
<header class="wrap"><h1>${title}</h1>
${subtitle !== undefined && html`<p>${subtitle}</p>`}
${facts.length > 0 && html`<ul class="facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>`}
${cover.length > 0 && (await renderCover(cover))}
</header>
${
  sections.length > 2 &&
  html`<nav aria-label="Sections"><ul class="wrap">${sections.map(
    (section, i) => html`<li><a href="#s${i + 1}">${section.title}</a></li>`,
  )}</ul></nav>`
}
<main class="wrap">${bodies}</main>
<footer class="wrap"><p>Made by @wsss/pipeline. This page is one file: it can be copied, mailed and printed.</p></footer>
</body>
</html>
`;
  return page.text;
}

async function renderSection(section: ReportSection, id: string): Promise<Html> {
  const body = await renderBody(section, id);
  const caption = 'caption' in section ? section.caption : undefined;
  return html`
<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${section.title}</h2>
${caption !== undefined && html`<p class="lead">${caption}</p>`}
${body}
</section>`;
}

function renderBody(section: ReportSection, id: string): Html | Promise<Html> {
  switch (section.type) {
    case 'figures':
      return renderFigures(section);
    case 'table':
      return renderTable(section);
    case 'curves':
      return renderCurves(section, id);
    case 'images':
      return renderImages(section);
    case 'notes':
      return renderNotes(section);
    case 'timings':
      return renderTimings(section);
    case 'settings':
      return renderSettings(section);
    default:
      throw new ValueError(
        'report',
        'section.type',
        "to be 'figures', 'table', 'curves', 'images', 'notes', 'timings' or 'settings'",
        (section as { type?: unknown }).type,
      );
  }
}
