import { add, type GradConfig, pad, reverse, slice, type Tensor } from '@tensorflow/tfjs-core';
import { gradient } from './define';

interface MirrorPadAttributes {
  paddings: [number, number][];
  mode: 'reflect' | 'symmetric';
}

/** Folds both borders of an axis back to where they were mirrored from. */
function fold(dy: Tensor, axis: number, [before, after]: [number, number], border: 0 | 1): Tensor {
  const size = dy.shape[axis]! - before - after;
  const part = (start: number, length: number) =>
    slice(
      dy,
      dy.shape.map((_, d) => (d === axis ? start : 0)),
      dy.shape.map((n, d) => (d === axis ? length : n)),
    );
  const placed = (tensor: Tensor, start: number) =>
    pad(
      reverse(tensor, axis),
      dy.shape.map((_, d) => (d === axis ? [start, size - start - tensor.shape[axis]!] : [0, 0])),
    );
  let folded = part(before, size);
  if (before > 0) folded = add(folded, placed(part(0, before), border));
  if (after > 0) folded = add(folded, placed(part(before + size, after), size - border - after));
  return folded;
}

/** Mirrors at the borders, which a reflection leaves out and a symmetric padding repeats. */
export const mirrorPadGradient: GradConfig[] = [
  gradient<MirrorPadAttributes>('MirrorPad', {}, (dy, _, { paddings, mode }) => ({
    x: () =>
      paddings.reduce((folded, sides, axis) => fold(folded, axis, sides, mode === 'reflect' ? 1 : 0), dy).clone(),
  })),
];
