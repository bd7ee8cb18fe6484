/**
 * Turns the hue of each pixel by `shift` of 255 steps, around and around: to bytes of hue, saturation and value and
 * back, as Pillow does, in float32 where it has float32. Greys stay as they are; other colours lose up to a few levels.
 */
export function shiftHue(image: Uint8Array, shift: number): Uint8Array {
  const out = new Uint8Array(image.length);
  for (let i = 0; i < image.length; i += 3) {
    const r = image[i]!;
    const g = image[i + 1]!;
    const b = image[i + 2]!;
    const value = Math.max(r, g, b);
    const span = value - Math.min(r, g, b);
    const saturation = span === 0 ? 0 : Math.trunc(fround(span / value) * 255);
    const hue = ((span === 0 ? 0 : hueOf(r, g, b, value, span)) + shift) & 255;
    writeColour(out, i, hue, saturation, value);
  }
  return out;
}

const { fround } = Math;

function hueOf(r: number, g: number, b: number, value: number, span: number): number {
  const away = (channel: number) => fround((value - channel) / span);
  // One sixth of the circle per pair of colours, beginning at red.
  let sixth: number;
  if (r === value) sixth = fround(away(b) - away(g));
  else if (g === value) sixth = fround(2 + away(r) - away(b));
  else sixth = fround(4 + away(g) - away(r));
  return Math.trunc(fround((sixth / 6 + 1) % 1) * 255);
}

// Where each sixth of the circle has its red, green and blue: 0 value, 1 rising, 2 falling, 3 low.
const SOURCES = [0, 1, 3, 2, 0, 3, 3, 0, 1, 3, 2, 0, 1, 3, 0, 0, 3, 2];
const levels = new Uint8Array(4);

function writeColour(out: Uint8Array, at: number, hue: number, saturation: number, value: number): void {
  if (saturation === 0) {
    out.fill(value, at, at + 3);
    return;
  }
  const sixth = Math.floor((hue * 6) / 255);
  const rest = fround((hue * 6) / 255 - sixth);
  const full = fround(saturation / 255);
  levels[0] = value;
  levels[1] = Math.round(value * (1 - full * (1 - rest)));
  levels[2] = Math.round(value * (1 - full * rest));
  levels[3] = Math.round(value * (1 - full));
  for (let c = 0; c < 3; c++) out[at + c] = levels[SOURCES[(sixth % 6) * 3 + c]!]!;
}
