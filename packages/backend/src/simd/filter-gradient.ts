import type { SimdModule } from './simd-module';
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
  const own = module.filterGradientScratch(taps, window.channels, channels, gathers);
  module.scratch(head + GRADIENT_BYTES + own, (at) => {
    const gradient = at + head;
    module.write(at, windowWords(window, source, at));
    module.write(gradient, [dy, channels, target, Number(gathers), gradient + GRADIENT_BYTES]);
    module.filterGradient(at, gradient);
  });
}
