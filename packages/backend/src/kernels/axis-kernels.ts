import { slice_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel, type Kernel } from './host-kernel';
import { type AxisMaps, gatherAxes, sameAxis, scatterAxes } from './loops/axis-maps';

/** A kernel that takes each value of its result from a place given axis by axis. */
export function axisKernel<A extends object>(
  kernelName: string,
  input: string,
  plan: (shape: number[], attributes: A) => { maps: AxisMaps; shape?: number[] },
): Kernel {
  return hostKernel<string, A>(kernelName, [input], (inputs, attributes) => {
    const x: TensorInfo = inputs[input]!;
    const { maps, shape = maps.map((map) => map.length) } = plan(x.shape, attributes);
    return { shape, dtype: x.dtype, run: (out, [values]) => gatherAxes(out, values!, x.shape, maps) };
  });
}

/** Its transpose, which is its gradient: a kernel of `dy` that also gets the shape of the input. */
export function axisBackprop<A extends object>(
  kernelName: string,
  plan: (shape: number[], attributes: A) => { maps: AxisMaps },
): Kernel {
  return hostKernel<'dy', A & { inputShape: number[] }>(kernelName, ['dy'], (_inputs, attributes) => {
    const { inputShape } = attributes;
    const { maps } = plan(inputShape, attributes);
    return { shape: inputShape, run: (dx, [dy]) => scatterAxes(dx, dy!, inputShape, maps) };
  });
}

export interface StridedSliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

export function stridedSliceMaps(input: number[], a: StridedSliceAttributes): { maps: AxisMaps; shape: number[] } {
  const { begin, end, strides, finalShape } = slice_util.sliceInfo(
    input,
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const maps = input.map((_, axis) => {
    const [from, to, step] = [begin[axis]!, end[axis]!, strides[axis]!];
    const length = Math.max(0, Math.ceil((to - from) / step));
    return Int32Array.from({ length }, (_x, i) => from + i * step);
  });
  return { maps, shape: finalShape };
}

export function tileMaps(shape: number[], { reps }: { reps: number[] }): { maps: AxisMaps } {
  return {
    maps: shape.map((size, axis) => Int32Array.from({ length: size * reps[axis]! }, (_, i) => i % size)),
  };
}

export function sliceMaps(shape: number[], { begin, size }: { begin: number[]; size: number[] }): { maps: AxisMaps } {
  return {
    maps: shape.map((length, axis) => {
      const count = size[axis] === -1 ? length - begin[axis]! : size[axis]!;
      return Int32Array.from({ length: count }, (_, i) => begin[axis]! + i);
    }),
  };
}

export function reverseMaps(shape: number[], { dims }: { dims: number | number[] }): { maps: AxisMaps } {
  const reversed = [dims].flat().map((d) => (d < 0 ? d + shape.length : d));
  return { maps: shape.map((size, axis) => (reversed.includes(axis) ? sameAxis(size).reverse() : sameAxis(size))) };
}
