import { backend_util } from '@tensorflow/tfjs-core';
import { explicitPadding, type Pad, pair, type WindowAttributes } from '../kernels/explicit-padding';

type Sides = readonly [number, number];

export interface Window {
  readonly strides: Sides;
  readonly dilations: Sides;
  /** Height and width of the window, without dilation. */
  readonly size: Sides;
  /** Rows above and below, columns left and right. */
  readonly pad: readonly [Sides, Sides];
}

/** Padding that TensorFlow computes by itself is `'SAME'`; where it is what was asked for, its faster code serves. */
export function paddingWord({ strides, dilations, size, pad }: Window, image: Sides): 'SAME' | 'VALID' | 'EXPLICIT' {
  if (pad.flat().every((side) => side === 0)) return 'VALID';
  const same = ([0, 1] as const).every((axis) => {
    const out = Math.ceil(image[axis] / strides[axis]);
    const reach = (size[axis] - 1) * dilations[axis] + 1;
    const total = Math.max(0, (out - 1) * strides[axis] + reach - image[axis]);
    return pad[axis][0] === Math.floor(total / 2) && pad[axis][1] === total - Math.floor(total / 2);
  });
  return same ? 'SAME' : 'EXPLICIT';
}

/** What a convolution or a pooling does in each direction, in numbers. */
export function windowOf(image: Sides, size: Sides, attributes: WindowAttributes): Window {
  const { strides, dilations, pad } = explicitPadding(image, size, attributes);
  const [dilationHeight, dilationWidth] = pair(dilations);
  const info = backend_util.computeConv2DInfo(
    [1, ...image, 1],
    [...size, 1, 1],
    strides,
    [dilationHeight, dilationWidth],
    pad,
  );
  const { top, bottom, left, right } = info.padInfo;
  return {
    strides: [info.strideHeight, info.strideWidth],
    dilations: [dilationHeight, dilationWidth],
    size,
    pad: [
      [top, bottom],
      [left, right],
    ],
  };
}

/** Padding as TensorFlow.js takes it, a word where that says the same. */
export function tensorflowPad(window: Window, image: Sides): Pad {
  const word = paddingWord(window, image);
  if (word !== 'EXPLICIT') return word === 'SAME' ? 'same' : 'valid';
  const [[top, bottom], [left, right]] = window.pad;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** The attributes that TensorFlow's convolutions and poolings share. */
export function windowAttributes(window: Window, image: Sides) {
  const padding = paddingWord(window, image);
  const explicit = [0, 0, ...window.pad.flat(), 0, 0];
  return {
    strides: [1, ...window.strides, 1],
    padding,
    data_format: 'NHWC',
    ...(padding === 'EXPLICIT' ? { explicit_paddings: explicit } : {}),
  };
}
