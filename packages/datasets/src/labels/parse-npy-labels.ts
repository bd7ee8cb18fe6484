import { FormatError } from '@wsss/core';
import { readStateDict } from '@wsss/formats';
import type { Labels } from './check-labels';

/**
 * `cls_labels.npy` of PSA and IRN: a pickled dictionary of an id and a vector with a one for each class that is there.
 * IRN writes the ids of VOC as whole numbers, `2007000033`: these stand for `2007_000033` too.
 */
export async function parseNpyLabels(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  classes: readonly string[],
): Promise<Labels> {
  const labels = new Map<string, readonly string[]>();
  for (const [id, vector] of await readStateDict(bytes, { name: file })) {
    const values = await vector.data();
    if (vector.shape.length !== 1 || values.length !== classes.length) {
      throw new FormatError(file, `${classes.length} numbers for '${id}', one a class`, `[${vector.shape.join(', ')}]`);
    }
    const bad = values.find((value) => Number(value) !== 0 && Number(value) !== 1);
    if (bad !== undefined) throw new FormatError(file, `zeros and ones for '${id}'`, `${bad}`);
    const names = classes.filter((_, c) => Number(values[c]) === 1);
    labels.set(id, names);
    if (/^\d{10}$/.test(id)) labels.set(`${id.slice(0, 4)}_${id.slice(4)}`, names);
  }
  return labels;
}
