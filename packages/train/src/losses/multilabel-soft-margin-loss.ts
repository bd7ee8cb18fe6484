import {
  abs,
  add,
  cast,
  customGrad,
  exp,
  log1p,
  mean,
  mul,
  neg,
  relu,
  type Scalar,
  sigmoid,
  sub,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { matchShape, ValueError } from '@wsss/core';
import { asTensor, type TensorInput } from '@wsss/core/tensor';

/**
 * Binary cross entropy of every class against its logit, averaged over images and classes:
 * L = mean of −[y log σ(x) + (1 − y) log σ(−x)], computed as max(x, 0) − x y + log(1 + e^−|x|), which no logit
 * overflows. Differentiable in both arguments.
 *
 * @param logits Class scores before any sigmoid, `[n, C]`.
 * @param targets 1 where the image has the class, 0 where not (anything between is taken as it is), `[n, C]`.
 * @returns A scalar ≥ 0.
 * @throws {ShapeError} if the shapes differ or are not of rank 2.
 * @throws {ValueError} if there is nothing to average.
 *
 * Source: `torch.nn.functional.multilabel_soft_margin_loss`, as PSA, IRN and SIPE call it.
 */
export function multilabelSoftMarginLoss(logits: TensorInput, targets: TensorInput): Scalar {
  const where = 'multilabelSoftMarginLoss';
  const { n, C } = matchShape(where, 'logits', logits.shape, ['n', 'C']);
  matchShape(where, 'targets', targets.shape, ['n', 'C'], { n, C }, 'One row per image, one column per class.');
  if (n * C === 0) throw new ValueError(where, 'logits', 'to hold at least one image and one class', logits.shape);
  return tidy(() => softMargin(asTensor(logits, where, 'logits'), asTensor(targets, where, 'targets')) as Scalar);
}

const softMargin = customGrad((...inputs) => {
  const [logits, targets, save] = inputs as unknown as [Tensor, Tensor, (tensors: Tensor[]) => void];
  // Bytes and integers come in too; inside `customGrad` the cast needs no gradient of its own.
  const [x, y] = [cast(logits, 'float32'), cast(targets, 'float32')];
  save([x, y]);
  const loss = add(sub(relu(x), mul(x, y)), log1p(exp(neg(abs(x)))));
  return {
    value: mean(loss),
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [x, y] = saved as [Tensor, Tensor];
      const scale = mul(dy, 1 / x.size);
      return [mul(sub(sigmoid(x), y), scale), mul(neg(x), scale)];
    },
  };
});
