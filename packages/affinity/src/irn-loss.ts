import { add, mul, type Rank, type Scalar, tidy } from '@tensorflow/tfjs-core';
import { type TensorInput, withGradient } from '@wsss/core/tensor';
import { type AffinityLabelsInput, affinityLoss } from './affinity-loss';
import { displacementLoss } from './displacement-loss';
import { pathAffinities } from './path-affinities';

/** Scalars; any of them can be differentiated. */
export interface IrnLoss {
  /** affinity + displacementForeground / 2 + displacementBackground / 2. */
  readonly loss: Scalar;
  /** That of {@link affinityLoss} for the affinities of {@link pathAffinities}. */
  readonly affinity: Scalar;
  readonly displacementForeground: Scalar;
  readonly displacementBackground: Scalar;
}

/**
 * The loss of IRN: of boundaries through the affinities that follow from them, and of displacements.
 *
 * @param edge Probability of a boundary, `[n, h, w]` or `[n, h, w, 1]`.
 * @param displacement `[n, h, w, 2]`.
 * @param labels `[n, P, M]`, made with the radius and `order: 'irn'`.
 * @param options.radius @default 10
 * @throws {ShapeError} if they are not of the same cells and pairs.
 */
export function irnLoss(
  { edge, displacement }: { readonly edge: TensorInput; readonly displacement: TensorInput },
  labels: AffinityLabelsInput,
  { radius = 10 }: { readonly radius?: number } = {},
): IrnLoss {
  return tidy(() => {
    const { loss: affinity } = affinityLoss(pathAffinities(edge, { radius }), labels);
    const { foreground, background } = displacementLoss(displacement, labels, { radius });
    const loss = withGradient<Rank.R0>(
      [affinity, foreground, background],
      ([a, f, b]) => add(a!, mul(add(f!, b!), 0.5)) as Scalar,
      (gradient) => [mul(gradient, 1), mul(gradient, 0.5), mul(gradient, 0.5)],
    );
    return { loss, affinity, displacementForeground: foreground, displacementBackground: background };
  });
}
