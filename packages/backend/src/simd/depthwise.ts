import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type ConvAttributes, convGeometry } from '../kernels/conv-geometry';
import type { FilterAttributes, InputAttributes } from '../kernels/conv2d-kernels';
import { accelerate } from './accelerate';
import type { ConvInputs, FusedAttributes, FusedInputs } from './conv2d';
import type { Finish, Target } from './convolve';
import { fusedFinish } from './fused-finish';
import { JOB } from './job';
import { plainTarget } from './plain-target';
import type { SimdModule } from './simd-module';
import { backwardPhases, forwardWindow, type Window, windowBytes, windowWords } from './window';

const DEPTHWISE_BYTES = 48;

/** Whether each channel makes one, in channels-last layout. */
function isPlain(
  input: readonly number[],
  filter: readonly number[],
  { dataFormat = 'NHWC' }: ConvAttributes,
): boolean {
  return dataFormat === 'NHWC' && input.length === 4 && filter[2] === input[3] && filter[3] === 1;
}

/** A depthwise convolution of one output a channel. */
export const simdDepthwise = accelerate<ConvInputs, ConvAttributes>(forward);

/** The same with its bias and activation, where that is a bound on the values. */
export const simdFusedDepthwise = accelerate<FusedInputs, FusedAttributes>(forward);

function forward(module: SimdModule, inputs: FusedInputs, attributes: FusedAttributes): TensorInfo | undefined {
  const { x, filter } = inputs;
  if (!isPlain(x.shape, filter.shape, attributes)) return undefined;
  const g = convGeometry(x.shape, filter.shape, attributes, true);
  const finish = fusedFinish(inputs, attributes.activation, g.outChannels);
  if (!finish || g.outShape.includes(0)) return undefined;
  const out = module.output(g.outShape);
  const window = forwardWindow(g);
  slide(
    module,
    window,
    module.address(x),
    { address: module.address(filter), taps: window.offsets.map((_, tap) => tap) },
    plainTarget(module.address(out), g.outShape),
    finish.during(module),
  );
  finish.after(module, out);
  return out;
}

/** The gradient of its input, phase by phase of the stride. */
export const simdDepthwiseBackpropInput = accelerate<{ dy: TensorInfo; filter: TensorInfo }, InputAttributes>(
  (module, { dy, filter }, attributes) => {
    const { inputShape } = attributes;
    if (!isPlain(inputShape, filter.shape, attributes) || inputShape.includes(0)) return undefined;
    const g = convGeometry(inputShape, filter.shape, attributes, true);
    const out = module.output(inputShape);
    const [source, weights] = [module.address(dy), module.address(filter)];
    const whole = plainTarget(module.address(out), inputShape);
    for (const { row, column, window, taps } of backwardPhases(g)) {
      const target = {
        ...whole,
        address: whole.address + row * whole.row + column * whole.column,
        row: whole.row * g.strideHeight,
        column: whole.column * g.strideWidth,
      };
      slide(module, window, source, { address: weights, taps }, target);
    }
    return out;
  },
);

/** The gradient of its filter. */
export const simdDepthwiseBackpropFilter = accelerate<{ x: TensorInfo; dy: TensorInfo }, FilterAttributes>(
  (module, { x, dy }, attributes) => {
    const { filterShape } = attributes;
    if (!isPlain(x.shape, filterShape, attributes) || filterShape.includes(0)) return undefined;
    const window = forwardWindow(convGeometry(x.shape, filterShape, attributes, true));
    const out = module.output(filterShape);
    const threads = module.threadsFor(COST * products(window));
    const parts = Math.min(Math.ceil(window.channels / 16), threads);
    module.scratch(windowBytes(window.offsets.length), (at) => {
      module.write(at, windowWords(window, module.address(x), at));
      const words = [at, module.address(dy), module.address(out)];
      module.share({ job: JOB.depthwiseFilterGradient, words, parts, threads, bytes: 0 });
    });
    return out;
  },
);

/** @param filter Its values, `[taps, channels]`, and its taps in the order of the window's. */
function slide(
  module: SimdModule,
  window: Window,
  source: number,
  filter: { address: number; taps: readonly number[] },
  target: Target,
  finish?: Finish,
): void {
  const taps = window.offsets.length;
  const head = windowBytes(taps);
  const threads = module.threadsFor(COST * products(window));
  module.scratch(head + DEPTHWISE_BYTES + taps * 4, (at) => {
    const depthwise = at + head;
    const order = depthwise + DEPTHWISE_BYTES;
    module.write(at, windowWords(window, source, at));
    module.write(order, filter.taps);
    const { address, column, row, image } = target;
    module.write(depthwise, [address, column, row, image, filter.address, order, finish ? 1 : 0, finish?.bias ?? 0]);
    if (finish) module.writeFloats(depthwise + 32, [finish.low, finish.high]);
    module.share({
      job: JOB.depthwise,
      words: [at, depthwise],
      parts: threads === 1 ? 1 : Math.min(window.batch * window.rows, 4 * threads),
      threads,
      bytes: module.depthwiseScratch(taps),
    });
  });
}

/** How long a product takes, against those of a convolution that is not depthwise. */
const COST = 4;

function products({ batch, rows, columns, channels, offsets }: Window): number {
  return batch * rows * columns * channels * offsets.length;
}
