import { ValueError } from '@wsss/core';
import { mxnet } from './mxnet';
import type { NameMap } from './name-map';
import { official } from './official';
import { sipe } from './sipe';
import { timm } from './timm';
import { torchvision } from './torchvision';

/** The name maps that have a name; earlier ones are taken first where several fit a file equally well. */
export const NAME_MAPS = { official, psa: official, torchvision, timm, sipe, irn: sipe, mxnet } as const;

export type NameMapName = keyof typeof NAME_MAPS;

/** @throws {ValueError} if there is no map of that name. */
export function nameMap(where: string, names: NameMapName | NameMap): NameMap {
  const map = typeof names === 'string' ? (NAME_MAPS as Record<string, NameMap | undefined>)[names] : names;
  if (map) return map;
  throw new ValueError(where, 'names', `to be a name map, or one of ${Object.keys(NAME_MAPS).join(', ')}`, names);
}
