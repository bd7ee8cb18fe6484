import { type HostTensor, hostTensor } from '@wsss/core';

/** The photo in its colours where the map is 1, dark and grey where it is 0: no colour stands for a value. */
export function lightUp(photo: HostTensor<Uint8Array>, map: HostTensor): HostTensor<Uint8Array> {
  const picture = new Uint8Array(photo.values.length);
  for (let i = 0; i < map.values.length; i++) {
    const lit = Math.min(1, Math.max(0, map.values[i]!));
    const [r, g, b] = photo.values.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    const dark = 0.3 * (0.3 * r + 0.59 * g + 0.11 * b);
    for (const [c, value] of [r, g, b].entries()) picture[3 * i + c] = Math.round(lit * value + (1 - lit) * dark);
  }
  return hostTensor(picture, photo.shape);
}
