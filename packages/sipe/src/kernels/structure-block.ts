/** Rows of the structure map, the last one excluded. */
export interface StructureBlock {
  readonly first: number;
  readonly last: number;
}

/**
 * Some rows of the structure map: the positive part of the products of cells' directions.
 *
 * @param directions Normalised features, `[cells, F]`.
 * @returns `[last − first, cells]`.
 */
export function structureBlock(
  directions: Float32Array,
  channels: number,
  { first, last }: StructureBlock,
): Float32Array {
  const cells = directions.length / channels;
  const out = new Float32Array((last - first) * cells);
  for (let i = first, at = 0; i < last; i++) {
    for (let j = 0; j < cells; j++) {
      let likeness = 0;
      for (let f = 0, a = i * channels, b = j * channels; f < channels; f++) {
        likeness += directions[a + f]! * directions[b + f]!;
      }
      out[at++] = Math.max(0, likeness);
    }
  }
  return out;
}
