/**
 * The channel of each cell's largest overlap, the first of equals, among those that take part.
 *
 * @param iou `[cells, K]`.
 * @param part 1 for channels that take part, `[K]`; channel 0 does.
 * @param mask `[cells, K]`: a winner that is 0 there seeds nothing.
 * @param none What stands for no seed.
 * @returns `[cells]`.
 */
export function chooseSeeds(
  iou: Float32Array,
  part: Uint8Array,
  mask: Float32Array | undefined,
  none: number,
): Uint8Array {
  const channels = part.length;
  const seeds = new Uint8Array(iou.length / channels);
  for (let i = 0, at = 0; i < seeds.length; i++, at += channels) {
    let best = 0;
    for (let k = 1; k < channels; k++) if (part[k] && iou[at + k]! > iou[at + best]!) best = k;
    seeds[i] = mask && mask[at + best] === 0 ? none : best;
  }
  return seeds;
}
