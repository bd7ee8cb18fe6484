import {
  batchToSpaceND,
  pad,
  reshape,
  slice,
  spaceToBatchND,
  stridedSlice,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { ConvGeometry } from '../kernels/conv-geometry';

/** A convolution without dilation, stride or padding, or one of its gradients. */
type Plain = (first: Tensor4D, second: Tensor4D) => Tensor;

/*
 * A convolution with dilation d sees only every d-th row and column. Taken apart into d × d images of every d-th row
 * and column each, as a batch, it is a plain convolution: exactly so, and of its gradients as well. Padding is laid
 * around the input before, and a stride is a choice among the positions of stride 1.
 */

/** x and the filter → y. */
export function convolveThroughBatches(x: Tensor4D, filter: Tensor4D, g: ConvGeometry, convolve: Plain): Tensor {
  const s = sizes(g);
  const y = together(convolve(apart(padded(x, g), s.paddedHeight, s.paddedWidth, g), filter), s.height, s.width, g);
  return stridedSlice(
    y,
    [0, 0, 0, 0],
    [y.shape[0]!, (g.outHeight - 1) * g.strideHeight + 1, (g.outWidth - 1) * g.strideWidth + 1, y.shape[3]!],
    [1, g.strideHeight, g.strideWidth, 1],
  );
}

/** The gradient of y and the filter → the gradient of x. */
export function inputGradientThroughBatches(dy: Tensor4D, filter: Tensor4D, g: ConvGeometry, gradient: Plain): Tensor {
  const s = sizes(g);
  const dxs = gradient(apart(spread(dy, g), s.height, s.width, g), filter);
  const { top, left } = g.padInfo;
  const dx = together(dxs, s.paddedHeight, s.paddedWidth, g);
  return slice(dx, [0, top, left, 0], [dx.shape[0]!, g.inHeight, g.inWidth, dx.shape[3]!]);
}

/** x and the gradient of y → the gradient of the filter. */
export function filterGradientThroughBatches(x: Tensor4D, dy: Tensor4D, g: ConvGeometry, gradient: Plain): Tensor {
  const s = sizes(g);
  return gradient(apart(padded(x, g), s.paddedHeight, s.paddedWidth, g), apart(spread(dy, g), s.height, s.width, g));
}

/** Of the padded input, and of y at stride 1. */
function sizes(g: ConvGeometry) {
  const { top, bottom, left, right } = g.padInfo;
  const [paddedHeight, paddedWidth] = [g.inHeight + top + bottom, g.inWidth + left + right];
  return {
    paddedHeight,
    paddedWidth,
    height: paddedHeight - g.effectiveFilterHeight + 1,
    width: paddedWidth - g.effectiveFilterWidth + 1,
  };
}

function padded(x: Tensor4D, { padInfo: { top, bottom, left, right } }: ConvGeometry): Tensor4D {
  if (top + bottom + left + right === 0) return x;
  return pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}

const upTo = (size: number, step: number): number => Math.ceil(size / step) * step - size;

function apart(x: Tensor4D, height: number, width: number, { dilationHeight: h, dilationWidth: w }: ConvGeometry) {
  if (h * w === 1) return x;
  return spaceToBatchND(
    x,
    [h, w],
    [
      [0, upTo(height, h)],
      [0, upTo(width, w)],
    ],
  );
}

function together(y: Tensor, height: number, width: number, { dilationHeight: h, dilationWidth: w }: ConvGeometry) {
  if (h * w === 1) return y;
  return batchToSpaceND(
    y,
    [h, w],
    [
      [0, upTo(height, h)],
      [0, upTo(width, w)],
    ],
  );
}

/** The gradient of y at stride 1: zeros where the stride had left positions out. */
function spread(dy: Tensor4D, g: ConvGeometry): Tensor4D {
  const { strideHeight: sh, strideWidth: sw } = g;
  const { height, width } = sizes(g);
  const [n, h, w, c] = dy.shape;
  if (sh * sw === 1) return dy;
  const spaced = pad(reshape(dy, [n, h, 1, w, 1, c]), [
    [0, 0],
    [0, 0],
    [0, sh - 1],
    [0, 0],
    [0, sw - 1],
    [0, 0],
  ]);
  const [rows, columns] = [Math.min(h * sh, height), Math.min(w * sw, width)];
  const cut = slice(reshape(spaced, [n, h * sh, w * sw, c]), [0, 0, 0, 0], [n, rows, columns, c]);
  return pad(cut, [
    [0, 0],
    [0, height - rows],
    [0, width - columns],
    [0, 0],
  ]) as Tensor4D;
}
