import { type HostTensor, hostTensor, ValueError } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import { type NameMapName, nameMap } from './name-maps';
import type { NameMap } from './name-maps/name-map';
import { torchShape, toTorch } from './torch-layout';

/**
 * A network's parameters as a state dictionary: the inverse of {@link loadWeights}, exact in every bit.
 *
 * @param options.names Whose names to write. @default 'official'
 * @throws {ValueError} if files with those names have no key for a parameter.
 * @returns Keys → float32 tensors in torch's layout (`[O, I / groups, kh, kw]`), for `writeSafetensors`.
 */
export async function stateDict(
  network: Pick<Backbone, 'parameters'>,
  { names = 'official' }: { names?: NameMapName | NameMap } = {},
): Promise<Map<string, HostTensor>> {
  const map = nameMap('stateDict', names);
  const result = new Map<string, HostTensor>();
  for (const [name, variable] of network.parameters) {
    const key = map.toKey(name);
    if (key === undefined) {
      throw new ValueError(
        'stateDict',
        'names',
        `to have a key for '${name}'`,
        names,
        'Such files hold another network.',
      );
    }
    const values = (await variable.data()) as Float32Array;
    result.set(key, hostTensor(toTorch(values, variable.shape), torchShape(variable.shape)));
  }
  return result;
}
