import type { Random } from '@wsss/core';

/** Smooth noise in 0..1 at a point of the plane; one cell of the grid is 1 × 1. */
export type Noise = (x: number, y: number) => number;

const PERIOD = 64;

/** Value noise: random numbers on a grid, smoothly interpolated. */
export function valueNoise(random: Random): Noise {
  const grid = Float32Array.from({ length: PERIOD * PERIOD }, () => random.next());
  return (x, y) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const fx = x - x0;
    const fy = y - y0;
    const sx = fx * fx * (3 - 2 * fx);
    const sy = fy * fy * (3 - 2 * fy);
    const left = x0 & (PERIOD - 1);
    const right = (x0 + 1) & (PERIOD - 1);
    const top = (y0 & (PERIOD - 1)) * PERIOD;
    const bottom = ((y0 + 1) & (PERIOD - 1)) * PERIOD;
    const upper = grid[top + left]! + (grid[top + right]! - grid[top + left]!) * sx;
    const lower = grid[bottom + left]! + (grid[bottom + right]! - grid[bottom + left]!) * sx;
    return upper + (lower - upper) * sy;
  };
}

/** Octaves of `noise`, each twice as fine and half as strong, in 0..1. */
export function octaves(noise: Noise, count: number): Noise {
  return (x, y) => {
    let sum = 0;
    let weight = 0;
    for (let i = 0, scale = 1, strength = 1; i < count; i++, scale *= 2, strength /= 2) {
      sum += strength * noise(x * scale + 17 * i, y * scale + 31 * i);
      weight += strength;
    }
    return sum / weight;
  };
}
