/** Padding before and after, rows then columns; or a name of TensorFlow's; or one number for all sides. */
export type Padding = 'same' | 'valid' | number | readonly [readonly [number, number], readonly [number, number]];

export interface WindowOptions {
  readonly strides?: number | readonly [number, number];
  readonly dilations?: number | readonly [number, number];
  readonly pad: Padding;
}

/** One axis of a sliding window. */
export interface Axis {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

const pair = (value: number | readonly [number, number] = 1, axis: 0 | 1): number =>
  typeof value === 'number' ? value : value[axis];

/** How many windows of `taps` there are along an axis of `size`, and where the first begins. */
export function axisOf(size: number, taps: number, { strides, dilations, pad }: WindowOptions, axis: 0 | 1): Axis {
  const stride = pair(strides, axis);
  const dilation = pair(dilations, axis);
  const reach = (taps - 1) * dilation + 1;
  if (pad === 'same') {
    const count = Math.ceil(size / stride);
    const total = Math.max((count - 1) * stride + reach - size, 0);
    return { size: count, stride, dilation, before: Math.floor(total / 2) };
  }
  const [before, after] = pad === 'valid' ? [0, 0] : typeof pad === 'number' ? [pad, pad] : pad[axis];
  return { size: Math.floor((size + before + after - reach) / stride) + 1, stride, dilation, before };
}
