import { add, elu, leakyRelu, prelu, relu, relu6, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import { composedKernel } from '../composed-kernel';
import { runKernel } from '../run-kernel';

interface FusedInputs {
  a: Tensor;
  b: Tensor;
  bias?: Tensor;
  preluActivationWeights?: Tensor;
}

interface FusedAttributes {
  transposeA: boolean;
  transposeB: boolean;
  activation: string;
  leakyreluAlpha?: number;
}

const activations: Record<string, (x: Tensor, inputs: FusedInputs, attributes: FusedAttributes) => Tensor> = {
  linear: (x) => x,
  relu: (x) => relu(x),
  relu6: (x) => relu6(x),
  elu: (x) => elu(x),
  sigmoid: (x) => sigmoid(x),
  prelu: (x, { preluActivationWeights }) => prelu(x, preluActivationWeights!),
  leakyrelu: (x, _, { leakyreluAlpha }) => leakyRelu(x, leakyreluAlpha),
};

/** A product, its bias and its activation one after the other; the stock kernel is wrong for batches. */
export const fusedMatMul = composedKernel<FusedInputs, FusedAttributes>('_FusedMatMul', (inputs, attributes) => {
  const { a, b, bias } = inputs;
  const { transposeA, transposeB, activation } = attributes;
  const product = runKernel('BatchMatMul', { a, b }, { transposeA, transposeB });
  return activations[activation]!(bias ? add(product, bias) : product, inputs, attributes);
});
