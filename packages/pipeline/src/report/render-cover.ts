import type { Picture } from './content';
import { embedPicture } from './embed-picture';
import { type Html, html } from './html';

/** Twice the size at which they are seen, for dense screens. */
const SIDE = 280;

/** Rows of square pictures without captions. */
export async function renderCover(rows: readonly (readonly Picture[])[]): Promise<Html> {
  const drawn: Html[] = [];
  for (const row of rows) {
    const images: Html[] = [];
    for (const picture of row) {
      const { uri, width, height, crisp } = await embedPicture(picture, SIDE);
      images.push(
        html`<img src="${uri}" width="${width}" height="${height}"${crisp && html` class="crisp"`} alt="${picture.alt ?? picture.caption}">`,
      );
    }
    drawn.push(html`<div>${images}</div>`);
  }
  return html`<div class="cover">${drawn}</div>`;
}
