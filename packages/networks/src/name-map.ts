import { ValueError } from '@wsss/core';

/** Translates between the keys of a weight file and the names of a network's parameters. */
export interface NameMap {
  /** The network's name of a key of the file; `undefined` for a key that stands for nothing of the network. */
  toParameter(key: string): string | undefined;
  /** The file's key of a parameter. */
  toKey(name: string): string;
}

const same: NameMap = { toParameter: (key) => key, toKey: (name) => name };

/** The name maps that have a name of their own. */
export const NAME_MAPS = {
  /** The network's own names, which are torchvision's for MobileNetV2 and ResNet, and PSA's for ResNet-38d and VGG16. */
  official: same,
  torchvision: same,
} as const satisfies Record<string, NameMap>;

export type NameMapName = keyof typeof NAME_MAPS;

/** @throws {ValueError} if there is no map of that name. */
export function nameMap(where: string, names: NameMapName | NameMap): NameMap {
  const map = typeof names === 'string' ? (NAME_MAPS as Record<string, NameMap | undefined>)[names] : names;
  if (map) return map;
  throw new ValueError(where, 'names', `to be a name map, or one of ${Object.keys(NAME_MAPS).join(', ')}`, names);
}
