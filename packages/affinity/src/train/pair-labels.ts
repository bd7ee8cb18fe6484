import { type HostTensor, hostTensor } from '@wsss/core';
import { type AffinityLabels, type AffinityLabelsOptions, affinityLabels } from '../affinity-labels';

/** Labels of the pairs of each photo of a batch, `[n, P, M]`. */
export async function pairLabels(
  labels: readonly HostTensor<Uint8Array>[],
  options: AffinityLabelsOptions,
): Promise<AffinityLabels> {
  const each = await Promise.all(labels.map((map) => affinityLabels(map, options)));
  const kind = (name: keyof AffinityLabels) => {
    const [P, M] = each[0]![name].shape as [number, number];
    const values = new Uint8Array(each.length * P * M);
    for (const [i, masks] of each.entries()) values.set(masks[name].values, i * P * M);
    return hostTensor(values, [each.length, P, M]);
  };
  return {
    backgroundPositive: kind('backgroundPositive'),
    foregroundPositive: kind('foregroundPositive'),
    negative: kind('negative'),
  };
}
