/**
 * Resizes a label map `[h, w]`: each new pixel takes the label under its centre, as Pillow's NEAREST does, so that
 * labels stay on the photo that is resized with them. (torch's nearest takes the label under its upper left corner.)
 */
export function centerNearest(labels: Uint8Array, from: readonly number[], to: readonly number[]): Uint8Array {
  const rows = positions(from[0]!, to[0]!);
  const columns = positions(from[1]!, to[1]!);
  const out = new Uint8Array(rows.length * columns.length);
  for (let y = 0, o = 0; y < rows.length; y++) {
    const row = rows[y]! * from[1]!;
    for (let x = 0; x < columns.length; x++) out[o++] = labels[row + columns[x]!]!;
  }
  return out;
}

/** Steps added up in double, as Pillow does: where a centre falls on an edge, that decides. */
function positions(from: number, to: number): Int32Array {
  const step = from / to;
  const out = new Int32Array(to);
  for (let d = 0, at = step * 0.5; d < to; d++, at += step) out[d] = Math.min(Math.floor(at), from - 1);
  return out;
}
