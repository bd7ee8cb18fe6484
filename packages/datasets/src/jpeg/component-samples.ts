import type { Component } from './frame';
import { inverseDct } from './inverse-dct';

/** A plane of samples 0..255; rows are `stride` apart and may be longer than the picture. */
export interface Plane {
  readonly samples: Uint8ClampedArray;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Transforms all blocks of a component back to samples. */
export function componentSamples(component: Component): Plane {
  const { blocksWide, blocksHigh, coefficients, quantisation, width, height } = component;
  const stride = blocksWide * 8;
  const samples = new Uint8ClampedArray(stride * blocksHigh * 8);
  for (let y = 0, from = 0; y < blocksHigh; y++) {
    for (let x = 0; x < blocksWide; x++, from += 64) {
      inverseDct(coefficients, from, quantisation!, samples, y * 8 * stride + x * 8, stride);
    }
  }
  return { samples, stride, width, height };
}
