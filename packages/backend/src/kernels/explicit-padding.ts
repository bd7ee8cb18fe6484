import type { backend_util } from '@tensorflow/tfjs-core';

/** Padding of a sliding window as TensorFlow.js takes it. */
export type Pad = 'valid' | 'same' | number | backend_util.ExplicitPadding;
export type RoundingMode = 'floor' | 'round' | 'ceil';

export interface WindowAttributes {
  strides: number | [number, number];
  pad: Pad;
  dilations?: number | [number, number];
  dimRoundingMode?: RoundingMode;
}

export const pair = (value: number | readonly [number, number] = 1): readonly [number, number] =>
  typeof value === 'number' ? [value, value] : value;

/**
 * The same padding, spelled out side by side. TensorFlow.js computes the size of the result from the height alone where
 * padding is a number (for 3×2 windows, or strides of 2 and 1, its WASM backend then writes past the end of the
 * result), and rounds sizes up without padding what it rounded.
 *
 * @param image Height and width.
 * @param window Height and width of the filter, without dilation.
 */
export function explicitPadding<A extends WindowAttributes>(
  image: readonly [number, number],
  window: readonly [number, number],
  attributes: A,
): A {
  const { pad, strides, dilations, dimRoundingMode = 'floor' } = attributes;
  if (typeof pad === 'string') return attributes;
  const given = typeof pad === 'number' ? [[pad, pad] as const, [pad, pad] as const] : [pad[1], pad[2]];
  const sides = ([0, 1] as const).map((axis): [number, number] => {
    const [before, after] = given[axis]!;
    const reach = (window[axis] - 1) * pair(dilations)[axis] + 1;
    const steps = (image[axis] + before + after - reach) / pair(strides)[axis];
    const rounded = Math[dimRoundingMode](steps);
    const whole = rounded * pair(strides)[axis] + reach - image[axis] - before;
    return [before, Math.max(after, whole)];
  });
  return { ...attributes, dimRoundingMode: undefined, pad: [[0, 0], sides[0]!, sides[1]!, [0, 0]] };
}
