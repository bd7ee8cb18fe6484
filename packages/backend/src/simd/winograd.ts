import type { ConvGeometry } from '../kernels/conv-geometry';
import type { Finish } from './convolve';
import type { SimdModule } from './simd-module';

const WINOGRAD_BYTES = 80;
const BOUNDS_BYTES = 32;
/** Bytes of transformed filters at a time. */
const FILTER_BYTES = 2 ** 23;
/** For fewer pixels, or channels, the transforms take longer than they save. */
const FEW_PIXELS = 128;
const FEW_CHANNELS = 32;

/** Whether F(2×2, 3×3) is possible, and pays. */
export function worthWinograd(g: ConvGeometry): boolean {
  const plain =
    g.filterHeight === 3 &&
    g.filterWidth === 3 &&
    g.strideHeight * g.strideWidth === 1 &&
    g.dilationHeight * g.dilationWidth === 1;
  return (
    plain &&
    g.inChannels % 8 === 0 &&
    g.outChannels % 8 === 0 &&
    Math.min(g.inChannels, g.outChannels) >= FEW_CHANNELS &&
    g.batchSize * g.outHeight * g.outWidth >= FEW_PIXELS
  );
}

/** Values of a filter up to which its gradient is summed in planes: 32 MiB of work space. */
const MOST_VALUES = 2 ** 19;

/** Whether the same goes for the gradient of the filter. */
export function worthWinogradGradient(g: ConvGeometry): boolean {
  return worthWinograd(g) && g.inChannels * g.outChannels <= MOST_VALUES;
}

/** The gradient of the filter. */
export function winogradFilterGradient(
  module: SimdModule,
  g: ConvGeometry,
  { x, dy, gradient }: { x: number; dy: number; gradient: number },
): void {
  const [channels, outputs] = [g.inChannels, g.outChannels];
  module.scratch(WINOGRAD_BYTES + module.winogradGradientScratch(channels, outputs), (at) => {
    module.write(at, [
      ...[x, g.batchSize, g.inHeight, g.inWidth, channels, g.padInfo.top, g.padInfo.left],
      ...[dy, g.outHeight, g.outWidth, outputs, 0, outputs],
      ...[0, 0, 0, at + WINOGRAD_BYTES],
    ]);
    module.winogradGradient(at, gradient);
  });
}

/** One side of a convolution: where its values are, and their sizes. */
interface Side {
  readonly address: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The convolution of x. */
export function winogradForward(
  module: SimdModule,
  g: ConvGeometry,
  { x, filter, y }: { x: number; filter: number; y: number },
  finish?: Finish,
): void {
  const { top, left } = g.padInfo;
  convolve(module, g.batchSize, inputSide(g, x), outputSide(g, y), { top, left }, filter, finish);
}

/** The gradient of x: the convolution of dy with the filter turned round. */
export function winogradBackward(
  module: SimdModule,
  g: ConvGeometry,
  { dy, filter, dx }: { dy: number; filter: number; dx: number },
): void {
  module.scratch(9 * g.inChannels * g.outChannels * 4, (flipped) => {
    module.flipFilter(filter, flipped, g.inChannels, g.outChannels);
    const padding = { top: 2 - g.padInfo.top, left: 2 - g.padInfo.left };
    convolve(module, g.batchSize, outputSide(g, dy), inputSide(g, dx), padding, flipped);
  });
}

function inputSide(g: ConvGeometry, address: number): Side {
  return { address, height: g.inHeight, width: g.inWidth, channels: g.inChannels };
}

function outputSide(g: ConvGeometry, address: number): Side {
  return { address, height: g.outHeight, width: g.outWidth, channels: g.outChannels };
}

function convolve(
  module: SimdModule,
  batch: number,
  source: Side,
  target: Side,
  { top, left }: { top: number; left: number },
  filter: number,
  { bias, low, high }: Finish = { bias: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
): void {
  const { channels: outputs } = target;
  const { channels } = source;
  const most = Math.max(64, Math.floor(FILTER_BYTES / (64 * channels) / 8) * 8);
  const group = Math.min(outputs, most);
  const head = WINOGRAD_BYTES + BOUNDS_BYTES;
  const filterBytes = module.winogradFilters(channels, group);
  module.scratch(head + filterBytes + module.winogradScratch(channels, group), (at) => {
    const bounds = at + WINOGRAD_BYTES;
    const filters = at + head;
    module.writeFloats(bounds, [low, low, low, low, high, high, high, high]);
    for (let from = 0; from < outputs; from += group) {
      const end = Math.min(outputs, from + group);
      module.transformFilters(filter, filters, channels, outputs, from, end);
      module.write(at, [
        ...[source.address, batch, source.height, source.width, channels, top, left],
        ...[target.address, target.height, target.width, outputs, from, end],
        ...[filters, bias, bounds, filters + filterBytes],
      ]);
      module.winograd(at);
    }
  });
}
