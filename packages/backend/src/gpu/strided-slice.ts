import { slice_util } from '@tensorflow/tfjs-core';
import type { StridedSliceAttributes } from '../kernels/axis-kernels';
import { gpuKernel } from './gpu-kernel';

interface Axis {
  readonly size: number;
  readonly begin: number;
  readonly step: number;
  readonly count: number;
}

function planSlice(input: readonly number[], a: StridedSliceAttributes): { axes: Axis[]; shape: number[] } {
  const { begin, end, strides, finalShape } = slice_util.sliceInfo(
    [...input],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const axes = input.map((size, i) => {
    const step = strides[i]!;
    return { size, begin: begin[i]!, step, count: Math.max(0, Math.ceil((end[i]! - begin[i]!) / step)) };
  });
  return { axes, shape: finalShape };
}

const numbers = (axes: readonly Axis[]): Record<string, number> =>
  Object.fromEntries(
    axes.flatMap((axis, i) => Object.entries(axis).map(([name, value]): [string, number] => [`${name}${i}`, value])),
  );

/** Code for every axis, the last first. */
const fromLast = (axes: readonly Axis[], code: (i: number) => string): string =>
  axes
    .map((_, i) => code(i))
    .reverse()
    .join('');

/** Every so many values along each axis, backwards too. */
export const stridedSlice = gpuKernel<'x', StridedSliceAttributes>('StridedSlice', ['x'], ({ x }, attributes) => {
  const { axes, shape } = planSlice(x.shape, attributes);
  return {
    shape,
    dtype: x.dtype,
    ints: numbers(axes),
    code: `
      int rest = index;
      int source = 0;
      int stride = 1;
      ${fromLast(
        axes,
        (i) => `
      source += (begin${i} + (rest % count${i}) * step${i}) * stride;
      rest = rest / count${i};
      stride = stride * size${i};`,
      )}
      value = getX(source);`,
  };
});

/** Its transpose, which is its gradient. */
export const stridedSliceBackprop = gpuKernel<'dy', StridedSliceAttributes & { inputShape: number[] }>(
  '_WsssStridedSliceBackprop',
  ['dy'],
  (_inputs, attributes) => {
    const { axes } = planSlice(attributes.inputShape, attributes);
    return {
      shape: attributes.inputShape,
      ints: numbers(axes),
      code: `
        int rest = index;
        int source = 0;
        int stride = 1;
        int taken = 1;
        int steps = 0;
        ${fromLast(
          axes,
          (i) => `
        steps = (rest % size${i} - begin${i}) / step${i};
        if (steps * step${i} != rest % size${i} - begin${i} || steps < 0 || steps >= count${i}) { taken = 0; }
        source += steps * stride;
        rest = rest / size${i};
        stride = stride * count${i};`,
        )}
        if (taken == 1) { value = getDy(source); }`,
    };
  },
);
