import type { SimdModule } from './simd-module';
import { type Window, windowBytes, windowWords } from './window';

/** Where the pixels of a window's grid go; addresses and distances in bytes. */
export interface Target {
  readonly address: number;
  readonly channels: number;
  readonly column: number;
  readonly row: number;
  readonly image: number;
}

/** What follows the sum: adding the biases at an address (0 for none), and bounds. */
export interface Finish {
  readonly bias: number;
  readonly low: number;
  readonly high: number;
}

/** A filter as it lies in memory. */
export interface Filter {
  readonly address: number;
  /** Whether its rows are the channels of the target, `[taps][target, source]`, or those of the source. */
  readonly transposed: boolean;
  /** For transposed filters: its taps in the order of the window's. */
  readonly taps: readonly number[];
}

const PRODUCT_BYTES = 64;
const FINISH_BYTES = 64;
/** Bytes of packed filter at a time: they stay in the second cache while all pixels pass over them. */
const PACKED_BYTES = 2 ** 19;
/** Bytes of a panel that a run of taps may take: they stay in the first cache while a block passes over them. */
const RUN_BYTES = 2 ** 17;
/** Fewer channels are copied side by side, tap by tap: runs this short cost more than the copy. */
const FEW_CHANNELS = 8;
/** For so few pixels packing a filter costs more than reading it in place. */
const FEW_PIXELS = 8;

/** Slides a window over a source and multiplies what it sees with a filter. */
export function convolve(
  module: SimdModule,
  window: Window,
  source: number,
  filter: Filter,
  target: Target,
  finish?: Finish,
): void {
  const taps = window.offsets.length;
  const { channels } = target;
  const pixels = window.batch * window.rows * window.columns;
  const k = taps * window.channels;
  const gathers = taps > 1 && window.channels < FEW_CHANNELS;
  const inPlace = !filter.transposed && pixels <= FEW_PIXELS && channels % 8 === 0;
  const groupPanels = Math.max(1, Math.floor(PACKED_BYTES / Math.max(32, k * 32)));
  const panels = Math.ceil(channels / 8);
  const packed = inPlace ? 0 : Math.min(panels, groupPanels) * k * 32;
  const own = module.convolveScratch(taps, window.channels, channels, gathers);
  const head = align(windowBytes(taps)) + PRODUCT_BYTES + align(taps * 4);
  const finishBytes = finish ? panels * FINISH_BYTES : 0;

  module.scratch(head + finishBytes + align(packed) + own, (at) => {
    const product = at + align(windowBytes(taps));
    const order = product + PRODUCT_BYTES;
    const finishes = at + head;
    const weights = finishes + finishBytes;
    const scratch = weights + align(packed);
    module.write(at, windowWords(window, source, at));
    module.write(order, filter.taps);
    if (finish) module.packFinish(finishes, finish.bias, channels, finish.low, finish.high);
    const step = inPlace ? channels : groupPanels * 8;
    for (let from = 0; from < channels; from += step) {
      const end = Math.min(channels, from + step);
      if (filter.transposed) {
        module.packRows(filter.address, weights, taps, order, channels, window.channels, from, end);
      } else if (!inPlace) {
        module.packColumns(filter.address, weights, k, channels, from, end);
      }
      module.write(product, [
        ...[target.address, target.column, target.row, target.image, channels, from, end],
        ...(inPlace ? [filter.address, 32, channels * 4] : [weights, k * 32, 32]),
        finish ? finishes + (from / 8) * FINISH_BYTES : 0,
        gathers ? 1 : Math.max(1, Math.floor(RUN_BYTES / (window.channels * 32))),
        ...[Number(gathers), 0, pixels, scratch],
      ]);
      module.convolve(at, product);
    }
  });
}

const align = (bytes: number): number => (bytes + 15) & ~15;
