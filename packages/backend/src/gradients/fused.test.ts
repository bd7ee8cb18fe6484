import { fused, type Tensor1D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import { testOperations } from '../test-support';
import { type Array64, at, broadcastAt, distinct, tabulate } from '../verify/array64';
import { type ConvSetting, describeConv, tfPad } from '../verify/cases/convolutions';
import { type OperationCase, operationCase } from '../verify/operation-case';
import { conv2d, depthwiseConv2d } from '../verify/reference/conv2d';

const activations = {
  linear: (x: number) => x,
  relu: (x: number) => Math.max(x, 0),
  relu6: (x: number) => Math.min(Math.max(x, 0), 6),
  elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  leakyrelu: (x: number) => (x > 0 ? x : 0.1 * x),
};
type ActivationName = keyof typeof activations;

function finish(y: Array64, bias: Array64 | undefined, activation: ActivationName): Array64 {
  return tabulate(y.shape, (index) => activations[activation](at(y, index) + (bias ? broadcastAt(bias, index) : 0)));
}

const names = Object.keys(activations) as ActivationName[];

/** A bias on a coarse grid keeps ReLU off its kink. */
function convCases(setting: ConvSetting, depthwise: boolean, tried: readonly ActivationName[]): OperationCase[] {
  const { input, kernel, out, stride = 1, dilation = 1, pad } = setting;
  const [run, reference] = depthwise ? [fused.depthwiseConv2d, depthwiseConv2d] : [fused.conv2d, conv2d];
  const outputs = depthwise ? input[3] * out : out;
  const filter = [...kernel, input[3], out];
  return tried.flatMap((activation) =>
    [true, false].map((hasBias) =>
      operationCase(
        depthwise ? 'fused.depthwiseConv2d' : 'fused.conv2d',
        `${describeConv(setting)}, ${activation}${hasBias ? ', bias' : ''}`,
        [input, filter, ...(hasBias ? [{ shape: [outputs], draw: distinct(0.1, 0.5) }] : [])],
        (x, weights, bias) =>
          run({
            x: x as Tensor4D,
            filter: weights as Tensor4D,
            strides: stride,
            dilations: dilation,
            pad: tfPad(pad) as 'same',
            activation,
            leakyreluAlpha: 0.1,
            ...(bias && { bias: bias as Tensor1D }),
          }),
        (x, weights, bias) =>
          finish(reference(x, weights, { strides: stride, dilations: dilation, pad }), bias, activation),
      ),
    ),
  );
}

const settings: ConvSetting[] = [
  { input: [2, 7, 5, 3], kernel: [3, 3], out: 2, dilation: 2, pad: 'same' },
  { input: [1, 8, 7, 2], kernel: [3, 3], out: 2, stride: 2, pad: 1 },
  { input: [2, 5, 4, 3], kernel: [1, 1], out: 2, pad: 'valid' },
];

const single = operationCase(
  'fused.conv2d',
  'one image without a batch',
  [[6, 5, 2], [3, 3, 2, 3], [3]],
  (x, filter, bias) =>
    fused.conv2d({ x: x as Tensor3D, filter: filter as Tensor4D, strides: 1, pad: 'same', bias: bias as Tensor1D }),
  (x, filter, bias) => {
    const y = finish(conv2d({ ...x, shape: [1, ...x.shape] }, filter, { pad: 'same' }), bias, 'linear');
    return { ...y, shape: y.shape.slice(1) };
  },
);

const products = [[], [2]].flatMap((batch) =>
  [true, false].flatMap((transposed) =>
    names.map((activation) =>
      operationCase(
        'fused.matMul',
        `batch [${batch}]${transposed ? ', bᵀ' : ''}, ${activation}`,
        [[2, 3, 4], [...batch, ...(transposed ? [5, 4] : [4, 5])], { shape: [5], draw: distinct(0.1, 0.5) }],
        (a, b, bias) =>
          fused.matMul({ a: a as Tensor3D, b, transposeB: transposed, bias, activation, leakyreluAlpha: 0.1 }),
        (a, b, bias) => {
          const product = tabulate([2, 3, 5], ([n, i, j]) => {
            let sum = 0;
            for (let k = 0; k < 4; k++) {
              sum += at(a, [n!, i!, k]) * broadcastAt(b, [n!, ...(transposed ? [j!, k] : [k, j!])]);
            }
            return sum;
          });
          return finish(product, bias, activation);
        },
      ),
    ),
  ),
);

testOperations([
  ...settings.flatMap((setting, i) => {
    const tried = i === 0 ? names : (['linear', 'relu'] as const);
    return [...convCases(setting, false, tried), ...convCases(setting, true, tried)];
  }),
  single,
  ...products,
]);
