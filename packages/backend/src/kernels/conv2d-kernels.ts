import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type ConvAttributes, type ConvGeometry, convGeometry } from './conv-geometry';
import { hostKernel } from './host-kernel';
import { addColumns, columns, patches } from './loops/patches';
import { zeroInsert } from './loops/zero-insert';

export interface FilterAttributes extends ConvAttributes {
  filterShape: [number, number, number, number];
}

export interface InputAttributes extends ConvAttributes {
  inputShape: [number, number, number, number];
}

type BothShapes = FilterAttributes & InputAttributes;

const floats = (values: unknown): Float32Array => values as Float32Array;
const taps = (g: ConvGeometry): number => g.filterHeight * g.filterWidth;
const pixels = (g: ConvGeometry): number => g.batchSize * g.outHeight * g.outWidth;

/** x → `[taps · cIn, pixels of y]`, of some of the taps: see {@link patches}. */
export const patchesKernel = hostKernel<'x', FilterAttributes & { from: number; to: number }>(
  '_WsssPatches',
  ['x'],
  ({ x }, attributes) => {
    const g = convGeometry(x.shape, attributes.filterShape, attributes);
    const { from, to } = attributes;
    return {
      shape: [(to - from) * g.inChannels, pixels(g)],
      run: (out, [values]) => patches(floats(out), floats(values), g, from, to),
    };
  },
);

/** x → `[pixels of y, taps · cIn]`: see {@link columns}. */
export const columnsKernel = hostKernel<'x', FilterAttributes>('_WsssColumns', ['x'], ({ x }, attributes) => {
  const g = convGeometry(x.shape, attributes.filterShape, attributes);
  return {
    shape: [pixels(g), taps(g) * g.inChannels],
    run: (out, [values]) => columns(floats(out), floats(values), g),
  };
});

/** `[pixels of y, taps · cIn]` → x: see {@link addColumns}. */
export const addColumnsKernel = hostKernel<'columns', BothShapes>(
  '_WsssAddColumns',
  ['columns'],
  (_inputs, attributes) => {
    const g = convGeometry(attributes.inputShape, attributes.filterShape, attributes);
    return { shape: attributes.inputShape, run: (out, [values]) => addColumns(floats(out), floats(values), g) };
  },
);

/** `[kh, kw, i, o]` → `[kh, kw, o, i]`, rows and columns reversed; a depthwise filter `[kh, kw, c, 1]` stays in order. */
export const flipKernel = hostKernel<'filter', { depthwise?: boolean }>(
  '_WsssFlipFilter',
  ['filter'],
  ({ filter }, { depthwise = false }) => {
    const [height, width, from, to] = filter.shape as [number, number, number, number];
    const shape = depthwise ? filter.shape : [height, width, to, from];
    return { shape, run: (out, [values]) => flip(floats(out), floats(values), height * width, from, to) };
  },
);

function flip(out: Float32Array, values: Float32Array, count: number, from: number, to: number): void {
  const size = from * to;
  for (let tap = 0; tap < count; tap++) {
    const source = (count - 1 - tap) * size;
    for (let o = 0, target = tap * size; o < to; o++) {
      for (let i = 0; i < from; i++) out[target++] = values[source + i * to + o]!;
    }
  }
}

/** dy with `stride − 1` zeros between its values, and a border that makes a valid convolution give the input's size. */
export const zeroInsertKernel = hostKernel<'dy', BothShapes & { depthwise?: boolean }>(
  '_WsssZeroInsert',
  ['dy'],
  ({ dy }: { dy: TensorInfo }, attributes) => {
    const g = convGeometry(attributes.inputShape, attributes.filterShape, attributes, attributes.depthwise);
    const to = [g.inHeight + g.effectiveFilterHeight - 1, g.inWidth + g.effectiveFilterWidth - 1] as const;
    const channels = dy.shape[3]!;
    return {
      shape: [g.batchSize, ...to, channels],
      run: (out, [values]) =>
        zeroInsert(floats(out), floats(values), {
          batch: g.batchSize,
          from: [g.outHeight, g.outWidth],
          to,
          stride: [g.strideHeight, g.strideWidth],
          offset: [g.effectiveFilterHeight - 1 - g.padInfo.top, g.effectiveFilterWidth - 1 - g.padInfo.left],
          channels,
        }),
    };
  },
);
