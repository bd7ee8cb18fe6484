import type { HostTensor } from '@wsss/core';

/** The names of the classes that a mask shows, in their order; background and ignored pixels aside. */
export function labelsOfMask(mask: HostTensor<Uint8Array>, classes: readonly string[]): string[] {
  const seen = new Uint8Array(256);
  for (const label of mask.values) seen[label] = 1;
  return classes.filter((_, i) => seen[i + 1] === 1);
}
