/**
 * Labels of cells `[cells, C]`: `classes[c]` of the highest map (the first of equals) where it is above `threshold`;
 * 0 where it is not above `background`; `unsure` in between.
 */
export function seeds(
  maps: Float32Array,
  classes: readonly number[],
  threshold: number,
  background: number,
  unsure: number,
): Uint8Array {
  const channels = classes.length;
  const labels = new Uint8Array(maps.length / channels);
  for (let i = 0; i < labels.length; i++) {
    let best = 0;
    for (let c = 1; c < channels; c++) if (maps[i * channels + c]! > maps[i * channels + best]!) best = c;
    const value = maps[i * channels + best]!;
    if (value > threshold) labels[i] = classes[best]!;
    else if (value > background) labels[i] = unsure;
  }
  return labels;
}
