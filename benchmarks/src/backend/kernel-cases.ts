/** A convolution that is timed, with padding 'same'. */
export interface KernelCase {
  readonly name: string;
  readonly input: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly depthwise?: boolean;
}

const conv = (name: string, size: number[], filter: number[], stride = 1, dilation = 1): KernelCase => ({
  name,
  input: size as unknown as KernelCase['input'],
  filter: filter as unknown as KernelCase['filter'],
  stride,
  dilation,
});

/** Layers as networks have them: 3×3, dilated, strided, pointwise, of an image, and of each channel by itself. */
export const kernelCases: readonly KernelCase[] = [
  conv('3×3', [4, 32, 32, 256], [3, 3, 256, 256]),
  conv('3×3, dilation 2', [4, 32, 32, 256], [3, 3, 256, 256], 1, 2),
  conv('3×3, small', [2, 16, 16, 128], [3, 3, 128, 128]),
  conv('3×3, stride 2', [2, 32, 32, 128], [3, 3, 128, 128], 2),
  conv('1×1', [2, 32, 32, 256], [1, 1, 256, 256]),
  conv('1×1, few channels', [2, 64, 64, 24], [1, 1, 24, 144]),
  conv('7×7 of an image, stride 2', [1, 224, 224, 3], [7, 7, 3, 64], 2),
  { ...conv('depthwise 3×3', [4, 64, 64, 96], [3, 3, 96, 1]), depthwise: true },
  { ...conv('depthwise 3×3, dilation 2', [4, 64, 64, 96], [3, 3, 96, 1], 1, 2), depthwise: true },
];

/** Multiplications and additions of one pass, in thousands of millions. */
export function gigaflops({ input: [n, h, w], filter: [kh, kw, i, o], stride }: KernelCase): number {
  return (2 * n * Math.ceil(h / stride) * Math.ceil(w / stride) * kh * kw * i * o) / 1e9;
}
