import { type KernelConfig, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { hostKernel } from '../host-kernel';
import { sumRows } from '../loops/sum-rows';

export interface Axes {
  axis?: number | number[];
  keepDims?: boolean;
}

/** The axes before the first that is summed, those summed, and those after, if the summed ones lie side by side. */
export function sumBlocks(
  shape: number[],
  { axis }: Axes,
): { axes: number[]; sizes: [number, number, number] } | undefined {
  const axes = util.parseAxisParam(axis ?? shape.map((_, i) => i), shape).sort((a, b) => a - b);
  const [first, last] = [axes[0]!, axes.at(-1)!];
  if (axes.length === 0 || last - first + 1 !== axes.length) return undefined;
  const size = (from: number, to: number) => util.sizeFromShape(shape.slice(from, to));
  return { axes, sizes: [size(0, first), size(first, last + 1), size(last + 1, shape.length)] };
}

/** Sums and means over axes that are not the last, which the stock kernel transposes first; in doubles. */
export const leadingSum =
  (average: boolean) =>
  (stock: KernelConfig): KernelConfig => {
    const loop = hostKernel<'x', Axes>(stock.kernelName, ['x'], ({ x }, attributes) => {
      const { axes, sizes } = sumBlocks(x.shape, attributes)!;
      const kept = x.shape.flatMap((n, i) => (axes.includes(i) ? (attributes.keepDims ? [1] : []) : [n]));
      return {
        shape: kept,
        run: (out, [values]) => sumRows(out as Float32Array, values as Float32Array, sizes, average ? 1 / sizes[1] : 1),
      };
    });
    return {
      ...stock,
      kernelFunc: (call) => {
        const { x } = call.inputs as { x: TensorInfo };
        const found = x.dtype === 'float32' ? sumBlocks(x.shape, call.attrs as Axes) : undefined;
        return (found && found.sizes[2] > 1 && found.sizes[1] > 0 ? loop : stock).kernelFunc(call);
      },
    };
  };
