import { NAME_MAPS, type NameMapName } from './name-maps';
import type { NameMap } from './name-maps/name-map';

/** Which key of a file stands for which parameter, by one name map. */
export interface MatchedNames {
  /** Parameter → key. */
  readonly found: ReadonlyMap<string, string>;
  /** Keys that stand for no parameter. */
  readonly unused: readonly string[];
}

/** Looks every key up; of two keys for one parameter the first counts. */
export function matchNames(map: NameMap, keys: Iterable<string>, has: (parameter: string) => boolean): MatchedNames {
  const found = new Map<string, string>();
  const unused: string[] = [];
  for (const key of keys) {
    const bare = key.replace(/^(module\.)+/, '');
    if (bare.endsWith('.num_batches_tracked') || map.ignores?.(bare)) continue;
    const names = map.toParameter(bare) ?? [];
    const name = (typeof names === 'string' ? [names] : names).find(has);
    if (name !== undefined && !found.has(name)) found.set(name, key);
    else unused.push(key);
  }
  return { found, unused };
}

/** The map by which most parameters find a key. */
export function bestNames(keys: readonly string[], has: (parameter: string) => boolean): NameMapName {
  let best: NameMapName = 'official';
  let most = -1;
  for (const name of Object.keys(NAME_MAPS) as NameMapName[]) {
    const { found, unused } = matchNames(NAME_MAPS[name], keys, has);
    // Equally many found: the map that leaves less over knows the file better.
    const score = found.size - unused.length / (keys.length + 1);
    if (score > most) [best, most] = [name, score];
  }
  return best;
}
