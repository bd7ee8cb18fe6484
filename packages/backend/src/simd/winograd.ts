import type { ConvGeometry } from '../kernels/conv-geometry';
import type { Finish } from './convolve';
import { JOB } from './job';
import type { WinogradSize } from './kernel-settings';
import type { SimdModule } from './simd-module';
import { splitGrid } from './split-grid';

const WINOGRAD_BYTES = 96;
const BOUNDS_BYTES = 32;
/** Bytes of work space besides the planes, for the transform of filters. */
const TRANSFORM_BYTES = 1024;
/** Bytes of transformed filters at a time. */
const FILTER_BYTES = 2 ** 23;
/** Bytes of sums up to which the gradient of a filter is taken so. */
const SUM_BYTES = 2 ** 25;
/** For fewer pixels, or channels, the transforms take longer than they save. */
const FEW_PIXELS = 128;
const FEW_CHANNELS = 32;
/** What a product costs with its part of the transforms, against one of the direct form. */
const COST = 1.25;

/** Values of a tile, between its transforms. */
const planes = (size: number): number => (size + 2) ** 2;

/** Tiles of all images and phases of the dilation. */
function tileCount(batch: number, dilation: number, size: number, height: number, width: number): number {
  const along = (pixels: number) => Math.ceil(Math.ceil(pixels / dilation) / size);
  return batch * dilation ** 2 * along(height) * along(width);
}

/**
 * Whether Winograd's algorithm is possible, and pays.
 *
 * @param most The largest tile.
 * @param height The size of what is computed.
 * @returns Outputs of a tile along one axis; 0 for the direct form.
 */
export function winogradSize(g: ConvGeometry, most: WinogradSize, height: number, width: number): WinogradSize {
  const possible =
    g.filterHeight === 3 &&
    g.filterWidth === 3 &&
    g.strideHeight * g.strideWidth === 1 &&
    g.dilationHeight === g.dilationWidth &&
    g.inChannels % 8 === 0 &&
    g.outChannels % 8 === 0 &&
    Math.min(g.inChannels, g.outChannels) >= FEW_CHANNELS &&
    g.batchSize * height * width >= FEW_PIXELS;
  if (!possible) return 0;
  let best: WinogradSize = 0;
  let least = 9 * g.batchSize * height * width;
  for (const size of [2, 4] as const) {
    if (size > most) continue;
    const cost = COST * planes(size) * tileCount(g.batchSize, g.dilationHeight, size, height, width);
    if (cost < least) [best, least] = [size, cost];
  }
  return best;
}

/** The same for the gradient of the filter. */
export function winogradGradientSize(g: ConvGeometry, most: WinogradSize): WinogradSize {
  const size = winogradSize(g, most, g.outHeight, g.outWidth);
  const fits = planes(size) * g.inChannels * g.outChannels * 4 <= SUM_BYTES;
  return fits ? size : size === 4 ? winogradGradientSize(g, 2) : 0;
}

/** The gradient of the filter. */
export function winogradFilterGradient(
  module: SimdModule,
  g: ConvGeometry,
  size: WinogradSize,
  { x, dy, gradient }: { x: number; dy: number; gradient: number },
): void {
  const [channels, outputs] = [g.inChannels, g.outChannels];
  const tiles = tileCount(g.batchSize, g.dilationHeight, size, g.outHeight, g.outWidth);
  const threads = module.threadsFor(planes(size) * tiles * channels * outputs);
  // Each part transforms its channels of x and its outputs of dy.
  const { rows, columns } = splitGrid(threads, channels / 8, outputs / 8, 1);
  module.scratch(WINOGRAD_BYTES, (at) => {
    module.write(at, [
      ...[x, g.batchSize, g.inHeight, g.inWidth, channels, g.padInfo.top, g.padInfo.left],
      ...[dy, g.outHeight, g.outWidth, outputs, g.dilationHeight, size, 0, outputs],
      ...[0, 0, 0, rows, columns],
    ]);
    module.share({
      job: JOB.winogradGradient,
      words: [at, gradient],
      parts: rows * columns,
      threads,
      bytes: module.winogradGradientScratch(channels, outputs, size, rows, columns),
    });
  });
}

/** One side of a convolution: where its values are, and their sizes. */
interface Side {
  readonly address: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What a convolution is besides its sides. */
interface Setting {
  readonly batch: number;
  readonly dilation: number;
  readonly size: WinogradSize;
  readonly top: number;
  readonly left: number;
  readonly finish: Finish;
}

const NOTHING: Finish = { bias: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** The convolution of x. */
export function winogradForward(
  module: SimdModule,
  g: ConvGeometry,
  size: WinogradSize,
  { x, filter, y }: { x: number; filter: number; y: number },
  finish: Finish = NOTHING,
): void {
  const { top, left } = g.padInfo;
  const setting = { batch: g.batchSize, dilation: g.dilationHeight, size, top, left, finish };
  convolve(module, setting, inputSide(g, x), outputSide(g, y), filter);
}

/** The gradient of x: the convolution of dy with the filter turned round. */
export function winogradBackward(
  module: SimdModule,
  g: ConvGeometry,
  size: WinogradSize,
  { dy, filter, dx }: { dy: number; filter: number; dx: number },
): void {
  const [channels, outputs, dilation] = [g.inChannels, g.outChannels, g.dilationHeight];
  module.scratch(9 * channels * outputs * 4, (flipped) => {
    const threads = module.threadsFor(9 * channels * outputs);
    const parts = Math.min(outputs / 8, threads);
    module.share({ job: JOB.flipFilter, words: [filter, flipped, channels, outputs], parts, threads, bytes: 0 });
    const [top, left] = [2 * dilation - g.padInfo.top, 2 * dilation - g.padInfo.left];
    const setting = { batch: g.batchSize, dilation, size, top, left, finish: NOTHING };
    convolve(module, setting, outputSide(g, dy), inputSide(g, dx), flipped);
  });
}

function inputSide(g: ConvGeometry, address: number): Side {
  return { address, height: g.inHeight, width: g.inWidth, channels: g.inChannels };
}

function outputSide(g: ConvGeometry, address: number): Side {
  return { address, height: g.outHeight, width: g.outWidth, channels: g.outChannels };
}

function convolve(module: SimdModule, setting: Setting, source: Side, target: Side, filter: number): void {
  const { batch, dilation, size, top, left, finish } = setting;
  const { channels: outputs } = target;
  const { channels } = source;
  const tiles = tileCount(batch, dilation, size, target.height, target.width);
  const threads = module.threadsFor(planes(size) * tiles * channels * outputs);
  const most = Math.max(64, Math.floor(FILTER_BYTES / (4 * planes(size) * channels) / 8) * 8);
  const group = Math.min(outputs, most);
  const head = WINOGRAD_BYTES + BOUNDS_BYTES;
  module.scratch(head + module.winogradFilters(channels, group, size), (at) => {
    const bounds = at + WINOGRAD_BYTES;
    module.writeFloats(bounds, [...Array(4).fill(finish.low), ...Array(4).fill(finish.high)]);
    for (let from = 0; from < outputs; from += group) {
      const end = Math.min(outputs, from + group);
      const { shares, groups } = split(tiles, (end - from) / 8, threads);
      module.write(at, [
        ...[source.address, batch, source.height, source.width, channels, top, left],
        ...[target.address, target.height, target.width, outputs, dilation, size, from, end],
        ...[at + head, finish.bias, bounds, shares, groups],
      ]);
      module.share({
        job: JOB.transformFilters,
        words: [at, filter],
        parts: Math.min((end - from) / 8, 2 * threads),
        threads,
        bytes: TRANSFORM_BYTES,
      });
      module.share({
        job: JOB.winograd,
        words: [at],
        parts: shares * groups,
        threads,
        bytes: module.winogradScratch(channels, end - from, size, groups),
      });
    }
  });
}

/** Shares of the tiles, or, where they are few, groups of the outputs. */
function split(tiles: number, panels: number, threads: number): { readonly shares: number; readonly groups: number } {
  if (threads === 1) return { shares: 1, groups: 1 };
  if (tiles >= 64 * threads) return { shares: 2 * threads, groups: 1 };
  if (tiles >= 16 * threads) return { shares: threads, groups: 1 };
  return { shares: 1, groups: Math.min(threads, panels) };
}
