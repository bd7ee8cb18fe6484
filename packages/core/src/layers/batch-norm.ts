import {
  add,
  engine,
  batchNorm as fusedBatchNorm,
  mean,
  mul,
  rsqrt,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import { ShapeError, ValueError } from '../errors';
import { asTensor, type TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';

/** What a batch norm learns, `[C]` each; either may be missing. */
export interface BatchNormAffine {
  /** γ. @default ones */
  weight?: TensorInput;
  /** β. @default zeros */
  bias?: TensorInput;
}

export interface BatchNormParameters extends BatchNormAffine {
  /** μ, `[C]`. */
  runningMean: TensorInput;
  /** σ², `[C]`. */
  runningVar: TensorInput;
}

export interface TrainedBatchNormParameters extends BatchNormAffine {
  /** μ, `[C]`; moved towards the batch's. */
  runningMean: Variable;
  /** σ², `[C]`; moved towards the batch's. */
  runningVar: Variable;
}

/**
 * Batch norm on running statistics, as in inference and in networks that keep it frozen while they train:
 * y = (x − μ) / √(σ² + ε) · γ + β. Differentiable with respect to x, γ and β.
 *
 * @param x `[n, h, w, C]`.
 * @param options.epsilon ε. @default 1e-5, torch's
 * @throws {ShapeError} if a parameter is not of shape `[C]`.
 *
 * Source: Ioffe & Szegedy, "Batch normalization", ICML 2015, algorithm 2.
 */
export function batchNorm(
  x: TensorInput,
  { weight, bias, runningMean, runningVar }: BatchNormParameters,
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): Tensor4D {
  check('batchNorm', x, { weight, bias, runningMean, runningVar }, epsilon);
  return tidy(() => {
    const input = floatTensor('batchNorm', 'x', x);
    // One kernel, and one tensor to keep for the gradient. Without a gradient to take, the composition below is many
    // times faster where the kernel is TensorFlow.js's own for WebAssembly.
    if (engine().isTapeOn()) {
      const [offset, scale] = [bias, weight].map((each) => each && (asTensor(each) as Tensor1D));
      const statistics = [asTensor(runningMean) as Tensor1D, asTensor(runningVar) as Tensor1D] as const;
      return fusedBatchNorm(input as Tensor4D, ...statistics, offset, scale, epsilon);
    }
    const inverse = rsqrt(add(asTensor(runningVar), epsilon));
    return affine(input, asTensor(runningMean), inverse, weight, bias);
  });
}

/**
 * Batch norm on the statistics of the batch, as in training, over n, h and w of each channel. Moves the running
 * statistics as torch does: r ← (1 − momentum) · r + momentum · s, s the batch's mean and its unbiased variance.
 *
 * @param x `[n, h, w, C]` with more than one value per channel.
 * @param options.momentum torch's meaning: the weight of the new batch. @default 0.1
 * @param options.epsilon ε. @default 1e-5, torch's
 * @param options.update Whether to move the running statistics: not when a forward pass is run again, as
 *   {@link checkpoint} does. @default true
 * @throws {ShapeError} if a parameter is not of shape `[C]`, or a channel has one value only.
 *
 * Source: Ioffe & Szegedy, "Batch normalization", ICML 2015, algorithm 1; torch.nn.BatchNorm2d for the update.
 */
export function trainedBatchNorm(
  x: TensorInput,
  { weight, bias, runningMean, runningVar }: TrainedBatchNormParameters,
  { momentum = 0.1, epsilon = 1e-5, update = true }: { momentum?: number; epsilon?: number; update?: boolean } = {},
): Tensor4D {
  check('trainedBatchNorm', x, { weight, bias, runningMean, runningVar }, epsilon);
  if (!(momentum >= 0 && momentum <= 1)) {
    throw new ValueError('trainedBatchNorm', 'momentum', 'to be in [0, 1]', momentum);
  }
  const count = x.shape[0]! * x.shape[1]! * x.shape[2]!;
  if (count < 2) {
    throw new ShapeError(
      'trainedBatchNorm',
      'x',
      'to hold more than one value per channel',
      x.shape,
      'The variance of one value is 0: use a larger batch or crop, or frozen batch norm.',
    );
  }
  return tidy(() => {
    const input = floatTensor('trainedBatchNorm', 'x', x);
    const average = mean(input, [0, 1, 2]);
    const centred = sub(input, average);
    const variance = mean(mul(centred, centred), [0, 1, 2]);
    if (update) {
      move(runningMean, average, momentum);
      move(runningVar, mul(variance, count / (count - 1)), momentum);
    }
    const scale = scaled(rsqrt(add(variance, epsilon)), weight);
    const y = mul(centred, scale);
    return (bias ? add(y, asTensor(bias)) : y) as Tensor4D;
  });
}

function affine(x: Tensor, average: Tensor, inverse: Tensor, weight?: TensorInput, bias?: TensorInput): Tensor4D {
  // x · s + (β − μ · s): two passes over x where the formula as written takes three.
  const scale = scaled(inverse, weight);
  const back = mul(average, scale);
  return add(mul(x, scale), bias ? sub(asTensor(bias), back) : mul(back, -1));
}

const scaled = (inverse: Tensor, weight?: TensorInput): Tensor => (weight ? mul(inverse, asTensor(weight)) : inverse);

function move(running: Variable, batch: Tensor, momentum: number): void {
  running.assign(add(mul(running, 1 - momentum), mul(batch, momentum)));
}

function check(
  where: string,
  x: TensorInput,
  parameters: Record<string, TensorInput | undefined>,
  epsilon: number,
): void {
  const { C } = matchShape(where, 'x', x.shape, ['n', 'h', 'w', 'C']);
  for (const [name, tensor] of Object.entries(parameters)) {
    if (tensor) matchShape(where, name, tensor.shape, ['C'], { C });
  }
  if (!(epsilon >= 0)) throw new ValueError(where, 'epsilon', 'to be at least 0', epsilon);
}
