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
  const red = fround((value - r) / span);
  const green = fround((value - g) / span);
  const blue = fround((value - b) / span);
  // One sixth of the circle per pair of colours, beginning at red.
  let sixth: number;
  if (r === value) sixth = fround(blue - green);
  else if (g === value) sixth = fround(2 + red - blue);
  else sixth = fround(4 + green - red);
  // Once around at most, so that a subtraction does for the remainder, and is as exact.
  const turn = sixth / 6 + 1;
  return Math.trunc(fround(turn >= 1 ? turn - 1 : turn) * 255);
}

// Where each sixth of the circle has its red, green and blue: 0 value, 1 rising, 2 falling, 3 low.
const SOURCES = Uint8Array.of(0, 1, 3, 2, 0, 3, 3, 0, 1, 3, 2, 0, 1, 3, 0, 0, 3, 2);
const bytes = Array.from({ length: 256 }, (_, byte) => byte);
/** How far into its sixth each hue is. */
const REST = Float32Array.from(bytes, (hue) => (hue * 6) / 255 - Math.floor((hue * 6) / 255));
/** The place of each hue in SOURCES. */
const SIXTH = Uint8Array.from(bytes, (hue) => 3 * (Math.floor((hue * 6) / 255) % 6));
const FULL = Float32Array.from(bytes, (saturation) => saturation / 255);
const levels = new Uint8Array(4);

function writeColour(out: Uint8Array, at: number, hue: number, saturation: number, value: number): void {
  const rest = REST[hue]!;
  const full = FULL[saturation]!;
  levels[0] = value;
  levels[1] = Math.round(value * (1 - full * (1 - rest)));
  levels[2] = Math.round(value * (1 - full * rest));
  levels[3] = Math.round(value * (1 - full));
  const place = SIXTH[hue]!;
  out[at] = levels[SOURCES[place]!]!;
  out[at + 1] = levels[SOURCES[place + 1]!]!;
  out[at + 2] = levels[SOURCES[place + 2]!]!;
}
