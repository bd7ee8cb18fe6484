/** Background, then the classes in their order: told apart by lightness too, on light and on dark pages. */
export const COLOURS = [
  [38, 42, 51],
  [77, 145, 255],
  [76, 175, 80],
  [232, 62, 62],
  [255, 152, 0],
  [171, 92, 222],
  [255, 214, 90],
] as const;

/** For masks of these classes: RGB of the 256 indices. */
export const PALETTE = new Uint8Array(256 * 3).fill(255);
PALETTE.set(COLOURS.flat());
