import { type HostTensor, hostTensor } from '@wsss/core';

/** A dot at a place in any units. */
export interface Dot {
  readonly at: readonly [number, number];
  readonly colour: readonly number[];
  /** In pixels; from 3 on with a rim. */
  readonly radius: number;
}

/** Dots on light ground, as large as they fit a square of so many pixels; later ones on top. */
export function drawDots(dots: readonly Dot[], side: number): HostTensor<Uint8Array> {
  const picture = new Uint8Array(side * side * 3).fill(244);
  const margin = 12;
  const [low, high] = [0, 1]
    .map((axis) => dots.map(({ at }) => at[axis]!))
    .reduce(
      ([lows, highs], list) => [
        [...lows!, list.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)],
        [...highs!, list.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)],
      ],
      [[], []] as number[][],
    ) as [number[], number[]];
  const scale = (side - 2 * margin) / Math.max(high[0]! - low[0]!, high[1]! - low[1]!, 1e-9);
  for (const { at, colour, radius } of dots) {
    const [cx, cy] = [margin + (at[0] - low[0]!) * scale, margin + (at[1] - low[1]!) * scale];
    for (let y = Math.ceil(cy - radius); y <= cy + radius; y++) {
      for (let x = Math.ceil(cx - radius); x <= cx + radius; x++) {
        const distance = Math.hypot(x - cx, y - cy);
        if (distance > radius || x < 0 || y < 0 || x >= side || y >= side) continue;
        const rim = radius >= 3 && distance > radius - 2;
        picture.set(rim ? [255, 152, 0] : [...colour], (y * side + x) * 3);
      }
    }
  }
  return hostTensor(picture, [side, side, 3]);
}
