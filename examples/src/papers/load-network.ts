import { ValueError } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import { readStateDict } from '@wsss/formats';
import { type LoadWeightsOptions, loadWeights } from '@wsss/networks';

/**
 * Loads what a file has for a network: all of the trunk's parameters must be there, those of `newLayers` may be missing.
 *
 * @throws {ValueError} if a file lacks parameters, in words.
 */
export async function loadFrom(
  network: Pick<Backbone, 'parameters'>,
  file: string,
  { newLayers = [], names = 'auto' }: { newLayers?: readonly string[]; names?: LoadWeightsOptions['names'] } = {},
): Promise<void> {
  const report = await loadWeights(network, await readStateDict(file), { names, strict: false });
  const lacks = [...report.missing, ...report.mismatched.map(({ name }) => name)];
  if (lacks.every((name) => newLayers.some((layer) => name.startsWith(layer)))) return;
  throw new ValueError('loadFrom', 'file', 'to hold the parameters of the network', file, report.summary);
}
