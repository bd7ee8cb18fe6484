import type { ImageRow, ImagesSection } from './content';
import { cssColour } from './css-colour';
import { type EmbeddedPicture, embedPicture } from './embed-picture';
import { type Html, html } from './html';

/** Columns of a grid: fewer would be too large, more too small. */
const FEWEST = 4;
const MOST = 8;

/** Rows of pictures, each embedded as a PNG. */
export async function renderImages({ legend, rows, side = 320 }: ImagesSection): Promise<Html> {
  // All rows have as many columns, so that the same kind of picture stands in the same place.
  const columns = Math.min(MOST, Math.max(FEWEST, ...rows.map(({ pictures }) => pictures.length)));
  const drawn: Html[] = [];
  // One after another: a report of many photos never holds more than one of them decoded.
  for (const row of rows) drawn.push(await renderRow(row, side));
  return html`${
    legend !== undefined &&
    html`<ul class="legend swatches">${legend.map(
      ({ label, colour }) => html`<li><i class="swatch" style="background:${cssColour(colour)}"></i>${label}</li>`,
    )}</ul>`
  }<div class="rows" style="--n:${columns}">${drawn}</div>`;
}

async function renderRow({ caption, note, pictures }: ImageRow, side: number): Promise<Html> {
  const embedded: EmbeddedPicture[] = [];
  for (const picture of pictures) embedded.push(await embedPicture(picture, side));
  return html`
<figure class="row"><figcaption><strong>${caption}</strong>${note !== undefined && html` <span>${note}</span>`}</figcaption>
<div class="pictures">${pictures.map((picture, i) => {
    const { uri, width, height, crisp } = embedded[i]!;
    return html`<figure><img src="${uri}" width="${width}" height="${height}"${crisp && html` class="crisp"`} alt="${
      picture.alt ?? `${caption}: ${picture.caption}`
    }"><figcaption>${picture.caption}</figcaption></figure>`;
  })}</div></figure>`;
}
