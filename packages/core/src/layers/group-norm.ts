import { add, mean, mul, reshape, rsqrt, sub, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { matchShape } from '../check-shape';
import { ValueError } from '../errors';
import { asTensor, type TensorInput } from '../tensor/as-tensor';
import { floatTensor } from '../tensor/float-tensor';

/**
 * Group norm: each image's channels in `groups` runs of neighbours, each run normalised over its h, w and channels,
 * y = (x − μ) / √(σ² + ε) · γ + β with the biased variance.
 *
 * @param x `[n, h, w, C]`.
 * @param options.groups A divisor of C.
 * @param options.weight γ, `[C]`. @default ones
 * @param options.bias β, `[C]`. @default zeros
 * @param options.epsilon ε. @default 1e-5, torch's
 * @throws {ShapeError} if a parameter is not of shape `[C]`.
 * @throws {ValueError} if `groups` does not divide C.
 *
 * Source: Wu & He, "Group normalization", ECCV 2018.
 */
export function groupNorm(
  x: TensorInput,
  {
    groups,
    weight,
    bias,
    epsilon = 1e-5,
  }: { groups: number; weight?: TensorInput; bias?: TensorInput; epsilon?: number },
): Tensor4D {
  const { n, h, w, C } = matchShape('groupNorm', 'x', x.shape, ['n', 'h', 'w', 'C']);
  if (weight) matchShape('groupNorm', 'weight', weight.shape, ['C'], { C });
  if (bias) matchShape('groupNorm', 'bias', bias.shape, ['C'], { C });
  if (!(Number.isSafeInteger(groups) && groups >= 1 && C % groups === 0)) {
    throw new ValueError('groupNorm', 'groups', `to divide the ${C} channels of \`x\``, groups);
  }
  if (!(epsilon >= 0)) throw new ValueError('groupNorm', 'epsilon', 'to be at least 0', epsilon);
  return tidy(() => {
    const runs = reshape(floatTensor('groupNorm', 'x', x), [n, h * w, groups, C / groups]);
    const centred = sub(runs, mean(runs, [1, 3], true));
    const variance = mean(mul(centred, centred), [1, 3], true);
    const normal = reshape(mul(centred, rsqrt(add(variance, epsilon))), [n, h, w, C]);
    const scaled = weight ? mul(normal, asTensor(weight)) : normal;
    return (bias ? add(scaled, asTensor(bias)) : scaled) as Tensor4D;
  });
}
