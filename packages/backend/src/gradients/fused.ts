import { engine, type GradConfig, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import type { ConvAttributes } from '../kernels/conv-geometry';
import { runConvolution as runKernel } from '../kernels/run-convolution';
import { rememberedAttributes } from '../kernels/with-remembered-attributes';
import { gradient, type InputGradients } from './define';
import { type Flags, ofProduct } from './mat-mul';
import { reduceTo } from './reduce-to';

/**
 * The gradient of a fused operation, registered under the operation's own name: TensorFlow.js records fused operations
 * so, and keeps their attributes to itself. While it differentiates it fuses no activation, only the bias; what it
 * saves are the two factors, the output and the bias.
 *
 * @param f From the gradient, in the shape that the kernel computed, the saved factors and the attributes, to the
 *   gradients by the position of the input.
 */
function fused<A>(
  operation: string,
  f: (dy: Tensor, saved: [Tensor, Tensor], attributes: A) => InputGradients,
): GradConfig {
  return gradient(`${operation}__op`, {}, (dy, [first, second, output, bias]) => {
    const attributes = rememberedAttributes(output!) as A | undefined;
    if (!attributes) {
      const { backendName } = engine();
      throw new BackendError(backendName, `${operation} has no gradient here`, 'Use the operation that is not fused');
    }
    return {
      ...f(reshape(dy, output!.shape), [first!, second!], attributes),
      2: () => reduceTo(dy, bias!.shape),
    };
  });
}

const convolution = (operation: string, ofInput: string, ofFilter: string): GradConfig =>
  fused<ConvAttributes>(operation, (dy, [filter, x], attributes) => ({
    0: () => runKernel(ofInput, { dy, filter }, { ...attributes, inputShape: x.shape }),
    1: () => runKernel(ofFilter, { x, dy }, { ...attributes, filterShape: filter.shape }),
  }));

/** Their own gradients fail for dilation, single images, and products of batches that are broadcast. */
export const fusedGradient: GradConfig[] = [
  convolution('fusedConv2d', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'),
  convolution('fusedDepthwiseConv2d', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'),
  fused<Flags>('fusedMatMul', (dy, factors, flags) => {
    const { a, b } = ofProduct(dy, factors, flags);
    return { 0: a, 1: b };
  }),
];
