/** Rows of one to four colours at full size → RGB of one row, at `to` of `out`. */
export type ColorRow = (rows: readonly Uint8Array[], width: number, out: Uint8ClampedArray, to: number) => void;

export const greyRow: ColorRow = ([grey], width, out, to) => {
  for (let x = 0; x < width; x++, to += 3) out[to] = out[to + 1] = out[to + 2] = grey![x]!;
};

export const rgbRow: ColorRow = ([red, green, blue], width, out, to) => {
  for (let x = 0; x < width; x++, to += 3) {
    out[to] = red![x]!;
    out[to + 1] = green![x]!;
    out[to + 2] = blue![x]!;
  }
};

/** YCbCr of JFIF (ITU-R BT.601, full range) in 16-bit fixed point, rounded as libjpeg does. */
export const yccRow: ColorRow = ([luma, cb, cr], width, out, to) => {
  for (let x = 0; x < width; x++, to += 3) {
    const y = luma![x]!;
    const b = cb![x]! - 128;
    const r = cr![x]! - 128;
    out[to] = y + ((91881 * r + 32768) >> 16);
    out[to + 1] = y + ((-22554 * b - 46802 * r + 32768) >> 16);
    out[to + 2] = y + ((116130 * b + 32768) >> 16);
  }
};

/** CMYK as Adobe stores it, inverted: 255 is no ink. */
export const cmykRow: ColorRow = ([cyan, magenta, yellow, black], width, out, to) => {
  for (let x = 0; x < width; x++, to += 3) {
    const white = black![x]!;
    out[to] = white - share(255 - cyan![x]!, white);
    out[to + 1] = white - share(255 - magenta![x]!, white);
    out[to + 2] = white - share(255 - yellow![x]!, white);
  }
};

/** The same with the first three colours stored as YCbCr: which come back as 255 − them. */
export const ycckRow: ColorRow = (rows, width, out, to) => {
  const colors = new Uint8ClampedArray(width * 3);
  yccRow(rows, width, colors, 0);
  for (let x = 0, i = 0; x < width; x++, to += 3) {
    const white = rows[3]![x]!;
    for (let c = 0; c < 3; c++, i++) out[to + c] = white - share(colors[i]!, white);
  }
};

/** a · b / 255, rounded. */
function share(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
