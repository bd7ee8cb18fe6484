import { type Tensor4D, tensor, valueAndGrad, valueAndGrads } from '@tensorflow/tfjs-core';
import { gscLoss } from '@wsss/sipe/tensor';
import { nhwc, type ReferenceTensor, reshape } from '@wsss/testing';
import { multilabelSoftMarginLoss } from '@wsss/train';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';

// index.json, kind d: 1e-6, and 1e-5 of the largest value.
const suggested = { abs: 1e-6, rel: 1e-5 };

goldenKind('sipe/d', async (run) => {
  const tolerance = run.suggested ?? suggested;
  const [cam, isCam] = [nhwc(run.input('norm_cam')), nhwc(run.input('is_cam'))];
  const [score, label] = [run.input('score'), run.input('label')];
  const scalar = { tolerance, layout: (stored: ReferenceTensor) => reshape(stored, []) };
  const input = ({ values, shape }: { values: Float32Array; shape: readonly number[] }) => tensor(values, [...shape]);
  await onEachBackend(async (backend) => {
    const via = `T, ${backend}`;
    const consistency = valueAndGrads((x, y) => gscLoss(x as Tensor4D, y as Tensor4D));
    const gsc = consistency([input(cam), input(isCam)]);
    await run.compare('loss_gsc', gsc.value, { ...scalar, via });
    await run.compare('grad_norm_cam', gsc.grads[0]!, { tolerance, layout: nhwc, via });
    await run.compare('grad_is_cam', gsc.grads[1]!, { tolerance, layout: nhwc, via });
    const classification = valueAndGrad((x) => multilabelSoftMarginLoss(x, input(label)));
    const { value, grad } = classification(input(score));
    await run.compare('loss_cls', value, { ...scalar, via });
    await run.compare('grad_score', grad, { tolerance, via });
  });
});
