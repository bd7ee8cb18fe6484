import { type HostTensor, hostTensor, random } from '@wsss/core';

/** Features as a network would give them, in blobs, so that the maps and the structure agree in places. */
export interface ExplorationScene {
  readonly side: number;
  readonly classes: number;
  /** `[side, side, C]`. */
  readonly maps: HostTensor;
  readonly structure: HostTensor;
  readonly prototype: HostTensor;
}

/**
 * @param signed Whether structure features may be negative: those after a ReLU, as SIPE's in training, are not.
 */
export function explorationScene(
  side: number,
  { classes = 20, channels = 2048, sides = 768, signed = false, seed = 1 } = {},
): ExplorationScene {
  const draw = random(seed);
  const cells = side * side;
  const owner = Uint8Array.from({ length: cells }, (_, i) => {
    const [y, x] = [Math.floor(i / side), i % side];
    return Math.floor((5 * y) / side) * 4 + Math.floor((4 * x) / side);
  });
  const themes = (count: number) =>
    Array.from({ length: classes }, () => Float32Array.from({ length: count }, () => draw.uniform(-1, 1)));
  const features = (count: number, cut: boolean) => {
    const own = themes(count);
    const values = new Float32Array(cells * count);
    for (let i = 0; i < cells; i++) {
      const theme = own[owner[i]! % classes]!;
      for (let f = 0; f < count; f++) {
        const value = theme[f]! + draw.uniform(-1, 1);
        values[i * count + f] = cut ? Math.max(0, value) : value;
      }
    }
    return hostTensor(values, [side, side, count]);
  };
  const maps = new Float32Array(cells * classes);
  for (let i = 0; i < cells; i++) {
    for (let c = 0; c < classes; c++) maps[i * classes + c] = (owner[i] === c ? 1 : 0) + draw.uniform(-1, 1);
  }
  return {
    side,
    classes,
    maps: hostTensor(maps, [side, side, classes]),
    structure: features(channels, !signed),
    prototype: features(sides, false),
  };
}
