import {
  add,
  cast,
  div,
  equal,
  greaterEqual,
  maximum,
  mul,
  type Rank,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { ValueError } from '../errors';
import type { TensorInput } from './as-tensor';
import { checkAxes } from './check-axes';
import { floatTensor } from './float-tensor';
import { withGradient } from './with-gradient';

export interface L2NormalizeOptions {
  /** The axis that the vectors lie along. @default the last, which is the channels */
  axis?: number;
  /** ε, above 0. @default 1e-12 */
  epsilon?: number;
  /**
   * What vectors are divided by: `'max'` of norm and ε, as torch's `normalize`; or their `'sum'`, as in SIPE's code.
   * @default 'max'
   */
  denominator?: 'max' | 'sum';
}

/**
 * Divides vectors by their Euclidean norm: x / max(‖x‖, ε), or x / (‖x‖ + ε). A zero vector stays zero, and where the
 * norm has no gradient, at zero, its gradient counts as zero: neither is ever NaN.
 *
 * @param x float32, any shape of rank ≥ 1.
 * @returns The same shape; norms in [0, 1].
 * @throws {ValueError} if the axis does not exist or `epsilon` is not positive.
 */
export function l2Normalize<R extends Rank>(
  x: TensorInput<R>,
  { axis = -1, epsilon = 1e-12, denominator = 'max' }: L2NormalizeOptions = {},
): Tensor<R> {
  const [along] = checkAxes('l2Normalize', 'axis', axis, x.shape);
  if (!(epsilon > 0 && Math.fround(epsilon) > 0 && epsilon < Infinity)) {
    throw new ValueError('l2Normalize', 'epsilon', 'to be positive', epsilon);
  }
  if (denominator !== 'max' && denominator !== 'sum') {
    throw new ValueError('l2Normalize', 'denominator', "to be 'max' or 'sum'", denominator);
  }
  const divisor = (norm: Tensor) => (denominator === 'max' ? maximum(norm, epsilon) : add(norm, epsilon));
  return tidy(() =>
    withGradient<R>(
      [floatTensor('l2Normalize', 'x', x)],
      ([input], save) => {
        const norm = sqrt(sum(square(input!), along, true));
        save([input!, norm]);
        return div(input!, divisor(norm));
      },
      (gradient, [saved, norm]) => {
        const d = divisor(norm!);
        // ∂d/∂x is the unit vector, or 0 where ε is the maximum, and at zero.
        const unit = div(saved!, add(norm!, cast(equal(norm!, 0), 'float32')));
        const slope = denominator === 'max' ? mul(unit, cast(greaterEqual(norm!, epsilon), 'float32')) : unit;
        const inner = sum(mul(gradient, div(saved!, d)), along, true);
        return [div(sub(gradient, mul(inner, slope)), d)];
      },
    ),
  );
}
