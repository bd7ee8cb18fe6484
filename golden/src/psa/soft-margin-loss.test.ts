import { reshape, tensor2d, valueAndGrad } from '@tensorflow/tfjs-core';
import { multilabelSoftMarginLoss } from '@wsss/train';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';

// spec/psa, section 17: 1e-6; relative where the loss is above 1, because float32 has no absolute precision there.
const tolerance = { abs: 1e-6, rel: 1e-6 };

goldenKind('psa/m', async (run) => {
  const logits = run.input('logits');
  const label = run.input('label');
  await onEachBackend(async (via) => {
    const loss = valueAndGrad((x) => multilabelSoftMarginLoss(x as ReturnType<typeof tensor2d>, label));
    const { value, grad } = loss(tensor2d(logits.values, logits.shape as [number, number]));
    await run.compare('loss', reshape(value, [1]), { tolerance, via });
    await run.compare('grad', grad, { tolerance, via });
  });
});
