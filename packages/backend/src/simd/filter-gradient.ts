import { JOB } from './job';
import type { SimdModule } from './simd-module';
import { splitGrid } from './split-grid';
import { type Window, windowBytes, windowWords } from './window';

const GRADIENT_BYTES = 32;
/** Fewer channels are copied side by side, so that the taps fill the four rows of a tile. */
const FEW_CHANNELS = 16;

/**
 * target `[taps, channels of the source, channels]` = Σ over the pixels of a window's grid of what each tap sees times
 * dy `[pixels, channels]`.
 */
export function filterGradient(
  module: SimdModule,
  window: Window,
  source: number,
  dy: number,
  channels: number,
  target: number,
): void {
  const taps = window.offsets.length;
  const gathers = taps > 1 && window.channels < FEW_CHANNELS;
  const head = (windowBytes(taps) + 15) & ~15;
  const pixels = window.batch * window.rows * window.columns;
  const threads = module.threadsFor(pixels * taps * window.channels * channels);
  const length = gathers ? taps * window.channels : window.channels;
  // A part of the rows packs the columns once, a part of the columns the rows once for each tap.
  const { rows, columns } = splitGrid(threads, Math.ceil(length / 4), Math.ceil(channels / 8), gathers ? 1 : taps);
  module.scratch(head + GRADIENT_BYTES, (at) => {
    const gradient = at + head;
    module.write(at, windowWords(window, source, at));
    module.write(gradient, [dy, channels, target, Number(gathers), rows, columns]);
    module.share({
      job: JOB.filterGradient,
      words: [at, gradient],
      parts: rows * columns,
      threads,
      bytes: module.filterGradientScratch(taps, window.channels, channels, gathers),
    });
  });
}
