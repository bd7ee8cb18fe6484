import { bilateralFeatures, gaussianFeatures, unaryFromLabels, unaryFromSoftmax } from '@wsss/crf';
import { permute, type ReferenceTensor, reshape } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

interface Helper {
  kind: string;
  index: number;
  clip?: number | null;
  scale?: number | null;
  n_labels: number;
  gt_prob: number;
  zero_unsure: boolean;
  sdims: number[];
  shape: number[];
  schan: number | number[];
  chdim: number;
}

const pointsFirst = (tensor: ReferenceTensor) => permute(tensor, [1, 0]);

/** The first axis to the end, the others as one: `[K, h, w]` to `[N, K]`. */
function classLast(tensor: ReferenceTensor): ReferenceTensor {
  const [classes, ...sizes] = tensor.shape as [number, ...number[]];
  return permute(reshape(tensor, [classes, sizes.reduce((n, size) => n * size, 1)]), [1, 0]);
}

goldenKind('crf/utils', async (run) => {
  run.describes('cases');
  const tolerance = { abs: run.parameter<number>('tolerance_abs') ?? 1e-6 };
  const options = { tolerance, layout: pointsFirst };
  for (const helper of run.sidecar.cases as Helper[]) {
    const { kind, index, scale } = helper;
    if (kind === 'unary_from_softmax') {
      const scores = classLast(run.input(`sm${index}`));
      const unary = await unaryFromSoftmax(scores, { clip: helper.clip, scale: scale ?? undefined });
      await run.compare(`sm${index}_unary`, unary, options);
    } else if (kind === 'unary_from_labels') {
      const labels = run.input<Int32Array>(`lab${index}`);
      const { n_labels: classes, gt_prob: gtProb, zero_unsure: zeroUnsure } = helper;
      const flat = reshape(labels, [labels.values.length]);
      await run.compare(`lab${index}_unary`, await unaryFromLabels(flat, { classes, gtProb, zeroUnsure }), options);
    } else if (kind === 'create_pairwise_gaussian') {
      await run.compare(`pg${index}`, gaussianFeatures(helper.shape, helper.sdims), options);
    } else if (kind === 'create_pairwise_bilateral') {
      const image = run.input(`pbimg${index}`);
      const { sdims, chdim: channelAxis } = helper;
      const schan = Array.isArray(helper.schan) && channelAxis < 0 ? helper.schan[0]! : helper.schan;
      await run.compare(`pb${index}`, await bilateralFeatures(image, { sdims, schan, channelAxis }), options);
    }
  }
});
