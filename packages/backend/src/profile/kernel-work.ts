import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** What a call of a kernel has to do. */
export interface KernelWork {
  /** Multiplications and additions, as the operation is written; `undefined` where nobody counts them. */
  readonly flops: number | undefined;
  /** Bytes of the inputs and outputs, each once. */
  readonly bytes: number;
}

/** Inputs by their kernel names; an optional one may be absent. */
export type KernelInputs = Readonly<Record<string, TensorInfo | TensorInfo[] | null | undefined>>;
export type KernelAttributes = Readonly<Record<string, unknown>>;

type Counter = (inputs: Record<string, TensorInfo>, attributes: KernelAttributes, output: TensorInfo) => number;

const size = (shape: readonly number[]): number => util.sizeFromShape([...shape]);
const area = ([height, width]: readonly number[]): number => height! * width!;
const filterShape = (attributes: KernelAttributes) => attributes.filterShape as number[];

const convolution: Counter = ({ filter }, _, output) => size(output.shape) * size(filter!.shape.slice(0, 3));
const depthwise: Counter = ({ filter }, _, output) => size(output.shape) * area(filter!.shape);
const product: Counter = ({ a }, { transposeA }, output) => size(output.shape) * a!.shape.at(transposeA ? -2 : -1)!;

/** Products of each kernel that is made of them. */
const counters: Readonly<Record<string, Counter>> = {
  _FusedMatMul: product,
  BatchMatMul: product,
  Conv2D: convolution,
  Conv2DBackpropFilter: ({ dy }, attributes) => size(dy!.shape) * size(filterShape(attributes).slice(0, 3)),
  Conv2DBackpropInput: ({ dy, filter }) => size(dy!.shape) * size(filter!.shape.slice(0, 3)),
  Conv3D: ({ filter }, _, output) => size(output.shape) * size(filter!.shape.slice(0, 4)),
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropFilter: ({ dy }, attributes) => size(dy!.shape) * area(filterShape(attributes)),
  DepthwiseConv2dNativeBackpropInput: ({ dy, filter }) => size(dy!.shape) * area(filter!.shape),
  FusedConv2D: convolution,
  FusedDepthwiseConv2D: depthwise,
};

/** The tensors of inputs, in their order. */
export function presentTensors(inputs: KernelInputs): TensorInfo[] {
  return Object.values(inputs)
    .flat()
    .filter((tensor): tensor is TensorInfo => tensor != null && typeof tensor === 'object' && 'shape' in tensor);
}

export const tensorBytes = ({ shape, dtype }: TensorInfo): number =>
  dtype === 'string' ? 0 : size(shape) * util.bytesPerElement(dtype as DataType);

export function kernelWork(
  kernel: string,
  inputs: KernelInputs,
  attributes: KernelAttributes,
  outputs: readonly TensorInfo[],
): KernelWork {
  const given = presentTensors(inputs);
  const bytes = [...given, ...outputs].reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  const counter = counters[kernel];
  const output = outputs[0];
  if (!counter || !output) return { flops: undefined, bytes };
  return { flops: 2 * counter(inputs as Record<string, TensorInfo>, attributes, output), bytes };
}
