/** Background, then six classes: told apart by lightness too, on light and on dark pages. */
export const COLOURS = [
  [38, 42, 51],
  [77, 145, 255],
  [76, 175, 80],
  [232, 62, 62],
  [255, 152, 0],
  [171, 92, 222],
  [255, 214, 90],
] as const;

/** The same as RGB of a mask's 256 indices; what counts nowhere is pale. */
export const PALETTE = new Uint8Array(256 * 3).fill(214);
PALETTE.set(COLOURS.flat());
