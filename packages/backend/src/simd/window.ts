import type { ConvGeometry } from '../kernels/conv-geometry';

/** See assembly/window.ts. */
export interface Window {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStep: number;
  readonly columnStep: number;
  /** Where each tap looks: dy, dx. */
  readonly offsets: readonly (readonly [number, number])[];
  /** So many taps, one after the other, see neighbouring pixels of a row. */
  readonly span: number;
}

/** Words of a window without its offsets. */
const WINDOW_WORDS = 12;

/** Bytes that {@link windowWords} take. */
export function windowBytes(taps: number): number {
  return (WINDOW_WORDS + 2 * taps) * 4;
}

/** The window as it lies in memory at an address, its offsets behind it. */
export function windowWords(w: Window, source: number, address: number): number[] {
  return [
    ...[source, w.batch, w.height, w.width, w.channels, w.rows, w.columns, w.rowStep, w.columnStep],
    ...[w.offsets.length, address + WINDOW_WORDS * 4, w.span],
    ...w.offsets.flat(),
  ];
}

/** What the outputs of a convolution see of its input. */
export function forwardWindow(g: ConvGeometry): Window {
  const { padInfo } = g;
  return {
    batch: g.batchSize,
    height: g.inHeight,
    width: g.inWidth,
    channels: g.inChannels,
    rows: g.outHeight,
    columns: g.outWidth,
    rowStep: g.strideHeight,
    columnStep: g.strideWidth,
    span: g.dilationWidth === 1 ? g.filterWidth : 1,
    offsets: range(g.filterHeight).flatMap((ky) =>
      range(g.filterWidth).map(
        (kx) => [ky * g.dilationHeight - padInfo.top, kx * g.dilationWidth - padInfo.left] as const,
      ),
    ),
  };
}

/** Every stride-th pixel of a convolution's input: those see the outputs under the same taps. */
export interface Phase {
  readonly row: number;
  readonly column: number;
  readonly window: Window;
  /** The taps of the filter, in the order of the window's. */
  readonly taps: readonly number[];
}

/** What the inputs of a convolution see of its outputs, phase by phase of the stride. */
export function backwardPhases(g: ConvGeometry): Phase[] {
  const { strideHeight, strideWidth, inHeight, inWidth, padInfo } = g;
  return range(Math.min(strideHeight, inHeight)).flatMap((row) => {
    const down = seenFrom(row + padInfo.top, g.filterHeight, g.dilationHeight, strideHeight);
    return range(Math.min(strideWidth, inWidth)).map((column): Phase => {
      const across = seenFrom(column + padInfo.left, g.filterWidth, g.dilationWidth, strideWidth);
      const pairs = down.flatMap((y) => across.map((x) => [y, x] as const));
      return {
        row,
        column,
        taps: pairs.map(([y, x]) => y.tap * g.filterWidth + x.tap),
        window: {
          batch: g.batchSize,
          height: g.outHeight,
          width: g.outWidth,
          channels: g.outChannels,
          rows: Math.ceil((inHeight - row) / strideHeight),
          columns: Math.ceil((inWidth - column) / strideWidth),
          rowStep: 1,
          columnStep: 1,
          span: 1,
          offsets: pairs.map(([y, x]) => [y.offset, x.offset] as const),
        },
      };
    });
  });
}

/** Output `i` has the input at `place` under tap `k` where i · stride + k · dilation = place. */
function seenFrom(place: number, taps: number, dilation: number, stride: number): { tap: number; offset: number }[] {
  return range(taps)
    .map((tap) => ({ tap, offset: (place - tap * dilation) / stride }))
    .filter(({ offset }) => Number.isInteger(offset));
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
