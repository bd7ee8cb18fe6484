import { type HostTensor, hostTensor } from '@wsss/core';
import { resizeBilinear } from '@wsss/core/kernels';

/**
 * Positive parts of maps, enlarged bilinearly (half-pixel centres) and each divided by its maximum.
 *
 * @param maps One `[h' · w']` per class.
 * @returns `[h, w, C]` in [0, 1]; a map without a positive value is 0.
 */
export function finishMaps(
  maps: readonly Float32Array[],
  from: readonly [number, number],
  to: readonly [number, number],
): HostTensor {
  const C = maps.length;
  const values = new Float32Array(maps[0]!.length * C);
  for (const [c, map] of maps.entries()) {
    const highest = map.reduce((most, value) => Math.max(most, value), 0);
    // Before it is enlarged: scores of deep layers may leave gradients that squares and products would lose.
    if (highest > 0) for (let i = 0; i < map.length; i++) values[i * C + c] = Math.max(0, map[i]!) / highest;
  }
  const enlarged = resizeBilinear(values, [...from, C], to, false);
  for (let c = 0; c < C; c++) {
    let highest = 0;
    for (let i = c; i < enlarged.length; i += C) highest = Math.max(highest, enlarged[i]!);
    if (highest > 0) for (let i = c; i < enlarged.length; i += C) enlarged[i]! /= highest;
  }
  return hostTensor(enlarged, [...to, C]);
}
