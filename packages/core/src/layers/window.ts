import { ShapeError } from '../errors';
import { type Pair, pair } from './pair';

/** The explicit padding of TensorFlow.js: before and after, per dimension of NHWC. */
export type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

/** How a window slides over an image, checked and in the words of TensorFlow.js. */
export interface Window {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  /** `'valid'` where nothing is padded: every backend has that, and the fast paths ask for it. */
  readonly pad: 'valid' | ExplicitPadding;
  /** Rows and columns of the output. */
  readonly size: [number, number];
}

/** torch's description of a window. */
export interface WindowOptions {
  readonly stride?: Pair;
  readonly padding?: Pair;
  readonly dilation?: Pair;
  /** Counts windows that begin inside the image (or its first padding) but end beyond it, as torch's `ceil_mode`. */
  readonly ceilMode?: boolean;
}

/**
 * Places a window as torch does: ⌊(n + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1 positions, padding on both
 * sides alike. (TensorFlow's `same` pads even sizes on the right only.)
 *
 * @throws {ShapeError} if the window is larger than the padded image.
 */
export function placeWindow(
  where: string,
  shape: readonly number[],
  kernel: readonly [number, number],
  { stride = 1, padding = 0, dilation = 1, ceilMode = false }: WindowOptions,
): Window {
  const strides = pair(where, 'stride', stride, 1);
  const dilations = pair(where, 'dilation', dilation, 1);
  const before = pair(where, 'padding', padding, 0);
  const after = [...before];
  const size = [0, 0];
  for (const d of [0, 1] as const) {
    const n = shape[1 + d]!;
    const reach = dilations[d] * (kernel[d] - 1) + 1;
    const room = n + 2 * before[d] - reach;
    if (room < 0) {
      throw new ShapeError(
        where,
        'x',
        `to be at least ${reach - 2 * before[d]} in ${d ? 'width' : 'height'}`,
        shape,
        'The window does not fit into the padded image.',
      );
    }
    let steps = Math.floor(room / strides[d]);
    if (ceilMode) {
      steps = Math.ceil(room / strides[d]);
      if (steps * strides[d] >= n + before[d]) steps -= 1;
      after[d] = steps * strides[d] + reach - n - before[d];
    }
    size[d] = steps + 1;
  }
  const [top, left] = before;
  const [bottom, right] = after as [number, number];
  const none = top === 0 && left === 0 && bottom <= 0 && right <= 0;
  const pad: Window['pad'] = none
    ? 'valid'
    : [
        [0, 0],
        [top, Math.max(bottom, 0)],
        [left, Math.max(right, 0)],
        [0, 0],
      ];
  return { strides, dilations, pad, size: size as [number, number] };
}
