import { argmaxLabels, type HostTensor, hostTensor } from '@wsss/core';
import { crfFromLabels, IRN_CRF } from '@wsss/crf';

/** Fits a mask to the edges of its photo: IRN's dense CRF from labels, among the background and `classes`. */
export async function crfOnMask(
  image: HostTensor<Uint8Array>,
  mask: HostTensor<Uint8Array>,
  classes: readonly number[],
): Promise<HostTensor<Uint8Array>> {
  if (!classes.length) return mask;
  const channels = [0, ...classes];
  const labels = hostTensor(
    mask.values.map((label) => channels.indexOf(label)),
    mask.shape,
  );
  const scores = await crfFromLabels(image, labels, { classes: channels.length, preset: IRN_CRF });
  return argmaxLabels(scores, { classes });
}

/** The classes that a mask holds, without the background. */
export const classesIn = ({ values }: HostTensor<Uint8Array>): number[] =>
  [...new Set(values)].filter((label) => label > 0).sort((a, b) => a - b);
