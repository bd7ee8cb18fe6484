import { JOB, MOST_PARTS } from './job';
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

const CONVOLUTION_BYTES = 64;
const FINISH_BYTES = 64;
/** How a filter lies: see assembly/convolution.ts. */
const LAYOUT = { bySource: 0, byTarget: 1, inPlace: 2 } as const;
/** Bytes of packed filter at a time: they stay in the second cache while all pixels pass over them. */
const PACKED_BYTES = 2 ** 19;
/** Bytes of a panel that a run of taps may take: they stay in the first cache while a block passes over them. */
const RUN_BYTES = 2 ** 17;
/** Fewer channels are copied side by side, tap by tap: runs this short cost more than the copy. */
const FEW_CHANNELS = 8;
/** For so few pixels packing a filter costs more than reading it in place. */
const FEW_PIXELS = 8;
/** So many pixels are worth packing a filter once more. */
const SOME_PIXELS = 512;

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
  const panels = Math.ceil(channels / 8);
  const most = inPlace ? panels : Math.max(1, Math.floor(PACKED_BYTES / Math.max(32, k * 32)));
  const threads = module.threadsFor(pixels * k * channels);
  const { groups, shares } = split(pixels, panels, Math.ceil(panels / most), threads);
  const head = align(windowBytes(taps)) + CONVOLUTION_BYTES + align(taps * 4);

  module.scratch(head + (finish ? panels * FINISH_BYTES : 0), (at) => {
    const convolution = at + align(windowBytes(taps));
    const order = convolution + CONVOLUTION_BYTES;
    const finishes = at + head;
    const transposed = filter.transposed ? LAYOUT.byTarget : LAYOUT.bySource;
    module.write(at, windowWords(window, source, at));
    module.write(order, filter.taps);
    if (finish) module.packFinish(finishes, finish.bias, channels, finish.low, finish.high);
    module.write(convolution, [
      ...[target.address, target.column, target.row, target.image, channels],
      ...[filter.address, inPlace ? LAYOUT.inPlace : transposed, order, finish ? finishes : 0],
      gathers ? 1 : Math.max(1, Math.floor(RUN_BYTES / (window.channels * 32))),
      ...[Number(gathers), groups, shares],
    ]);
    module.share({
      job: JOB.convolve,
      words: [at, convolution],
      parts: groups * shares,
      threads,
      bytes: module.convolutionScratch(taps, window.channels, channels, gathers, groups),
    });
  });
}

/** Groups of channels times shares of pixels, so that each thread has as many; `least` groups. */
function split(
  pixels: number,
  panels: number,
  least: number,
  threads: number,
): { readonly groups: number; readonly shares: number } {
  if (threads === 1) return { groups: least, shares: 1 };
  const groups = pixels < SOME_PIXELS * threads ? Math.min(panels, Math.max(least, 2 * threads)) : least;
  let shares = 1;
  while (groups * shares < 2 * threads || (groups * shares) % threads !== 0) shares++;
  return groups * shares > MOST_PARTS ? { groups: Math.min(least, MOST_PARTS), shares: 1 } : { groups, shares };
}

const align = (bytes: number): number => (bytes + 15) & ~15;
