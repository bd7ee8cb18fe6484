import type { Variable } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import type { ParameterGroup } from './optimizer';

/**
 * The four groups of PSA: pretrained weights (learning rate × 1), pretrained biases (× 2, no weight decay), weights of
 * new layers (× 10), biases of new layers (× 20, no weight decay). A bias is what is named so: `….bias`. The scale of a
 * norm counts as a weight; PSA lists its AffinityNet's norms as pretrained.
 *
 * @param parameters Names → variables, as a `Backbone` has them.
 * @param newLayers Layers trained from scratch: `['fc8']` means `fc8.weight` and `fc8.bias`, and all below `fc8.`.
 * @throws {ValueError} if a new layer has no parameter.
 *
 * Source: PSA `train_cls.py` and `train_aff.py`; the released code has the same factors for VGG16 and ResNet-38.
 */
export function psaParameterGroups(
  parameters: ReadonlyMap<string, Variable>,
  newLayers: readonly string[],
): ParameterGroup[] {
  const sets = [0, 1, 2, 3].map(() => new Map<string, Variable>());
  const found = new Set<string>();
  for (const [name, variable] of parameters) {
    const layer = newLayers.find((layer) => name === layer || name.startsWith(`${layer}.`));
    if (layer !== undefined) found.add(layer);
    const isBias = name === 'bias' || name.endsWith('.bias');
    sets[(layer === undefined ? 0 : 2) + (isBias ? 1 : 0)]!.set(name, variable);
  }
  const missing = newLayers.find((layer) => !found.has(layer));
  if (missing !== undefined) {
    throw new ValueError('psaParameterGroups', 'newLayers', 'to name layers that have parameters', missing);
  }
  const multipliers = [1, 2, 10, 20];
  return sets.map((set, i) => ({
    parameters: set,
    multiplier: multipliers[i]!,
    ...(i % 2 === 1 ? { weightDecay: 0 } : {}),
  }));
}
