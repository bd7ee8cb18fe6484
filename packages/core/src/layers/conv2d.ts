import {
  add,
  avgPool,
  concat,
  depthwiseConv2d,
  engine,
  fused,
  relu,
  relu6,
  reshape,
  split,
  type Tensor1D,
  type Tensor4D,
  conv2d as tfConv2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import { ShapeError, ValueError } from '../errors';
import type { TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';
import type { Pair } from './pair';
import { placeWindow, type Window } from './window';

export interface Conv2dOptions {
  /** One per output channel, `[O]`. */
  bias?: TensorInput;
  /** @default 1 */
  stride?: Pair;
  /** Zeros on both sides alike, as torch pads: a number or `[h, w]`. @default 0 */
  padding?: Pair;
  /** @default 1 */
  dilation?: Pair;
  /** Input and output channels fall into this many groups that do not see each other. @default 1 */
  groups?: number;
  /** Applied to the result; computed together with the convolution where nothing is differentiated. */
  activation?: 'relu' | 'relu6';
}

/**
 * Convolution as torch's `conv2d`: y[o] = bias[o] + Σ x ⋆ filter[…, o] (cross-correlation), zeros outside the image.
 *
 * @param x `[n, h, w, I]`.
 * @param filter `[kh, kw, I / groups, O]` (torch's `[O, I / groups, kh, kw]` transposed).
 * @returns `[n, h', w', O]`, h' = ⌊(h + 2·padding − dilation·(kh − 1) − 1) / stride⌋ + 1.
 * @throws {ShapeError} if channels, groups or bias disagree, or the filter is larger than the padded image.
 * @throws {ValueError} if stride, dilation or groups are not whole numbers ≥ 1, or padding is negative.
 */
export function conv2d(x: TensorInput, filter: TensorInput, options: Conv2dOptions = {}): Tensor4D {
  const { bias, groups = 1, activation } = options;
  const { C } = matchShape('conv2d', 'x', x.shape, ['n', 'h', 'w', 'C']);
  const { kh, kw, I, O } = matchShape('conv2d', 'filter', filter.shape, ['kh', 'kw', 'I', 'O']);
  if (!(Number.isSafeInteger(groups) && groups >= 1 && O % groups === 0)) {
    throw new ValueError('conv2d', 'groups', `to divide the ${O} output channels of the filter`, groups);
  }
  if (I * groups !== C) {
    throw new ShapeError(
      'conv2d',
      'filter',
      `to have ${C} / ${groups} input channels`,
      filter.shape,
      `\`x\` has ${C} channels and \`groups\` is ${groups}; filters are [kh, kw, I / groups, O].`,
    );
  }
  if (bias) matchShape('conv2d', 'bias', bias.shape, ['O'], { O });
  if (activation !== undefined && activation !== 'relu' && activation !== 'relu6') {
    throw new ValueError('conv2d', 'activation', "to be 'relu' or 'relu6'", activation);
  }
  const window = placeWindow('conv2d', x.shape, [kh, kw], options);
  return tidy(() => {
    const input = floatTensor('conv2d', 'x', x) as Tensor4D;
    const weights = floatTensor('conv2d', 'filter', filter) as Tensor4D;
    const offset = bias && (floatTensor('conv2d', 'bias', bias) as Tensor1D);
    // A depthwise filter of TensorFlow.js is [kh, kw, C, multiplier]; output channels come in torch's order.
    const depthwise = groups > 1 && groups === C;
    const kernel = depthwise ? (reshape(weights, [kh, kw, C, O / C]) as Tensor4D) : weights;
    if (groups > 1 && !depthwise) {
      const inputs = split(input, groups, 3);
      const parts = split(kernel, groups, 3).map((part, g) =>
        plain(inputs[g] as Tensor4D, part as Tensor4D, window, false),
      );
      return finish(concat(parts, 3), offset, activation);
    }
    if (fusable(window)) return together(input, kernel, offset, activation, window, depthwise);
    return finish(plain(input, kernel, window, depthwise), offset, activation);
  });
}

/** The fused kernels have no gradient of their own for activations and dilation: use them for inference alone. */
function fusable({ strides, dilations }: Window): boolean {
  return engine().state.gradientDepth === 0 && !(larger(strides) && larger(dilations));
}

function together(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | undefined,
  activation: Conv2dOptions['activation'],
  { strides, dilations, pad }: Window,
  depthwise: boolean,
): Tensor4D {
  const run = depthwise ? fused.depthwiseConv2d : fused.conv2d;
  return run({
    x,
    filter,
    strides,
    // The types of TensorFlow.js forget explicit padding here; the kernels take it.
    pad: pad as 'valid',
    dilations,
    ...(bias && { bias }),
    activation: activation ?? 'linear',
  });
}

function plain(x: Tensor4D, filter: Tensor4D, { strides, dilations, pad }: Window, depthwise: boolean): Tensor4D {
  const run = depthwise ? depthwiseConv2d : tfConv2d;
  if (!(larger(strides) && larger(dilations))) return run(x, filter, strides, pad, 'NHWC', dilations);
  // TensorFlow.js has no stride together with dilation: compute every position, keep each stride-th.
  return avgPool(run(x, filter, 1, pad, 'NHWC', dilations), 1, strides, 'valid');
}

function finish(y: Tensor4D, bias: Tensor1D | undefined, activation: Conv2dOptions['activation']): Tensor4D {
  const shifted = bias ? add<Tensor4D>(y, bias) : y;
  return activation === 'relu6' ? relu6(shifted) : activation === 'relu' ? relu(shifted) : shifted;
}

const larger = ([h, w]: readonly [number, number]) => h > 1 || w > 1;
