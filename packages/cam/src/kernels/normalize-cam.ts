import type { CamNormalization } from '../normalize-cam';

/** Normalises maps `[cells, C]` in place, each channel by its own extremes; see `normalizeCam` for the formulas. */
export function normalizeCam(maps: Float32Array, channels: number, mode: CamNormalization, epsilon: number): void {
  for (let c = 0; c < channels; c++) {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (let i = c; i < maps.length; i += channels) {
      const value = Math.max(0, maps[i]!);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const base = mode === 'max' ? 0 : low;
    const offset = mode === 'seam' ? base + epsilon : base;
    for (let i = c; i < maps.length; i += channels) {
      maps[i] = Math.max(0, Math.max(0, maps[i]!) - offset) / (high - base + epsilon);
    }
  }
}
