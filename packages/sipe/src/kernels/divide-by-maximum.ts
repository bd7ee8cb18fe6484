/** Divides each channel of maps `[cells, C]`, none of them negative, by its maximum + ε, in place. */
export function divideByMaximum(maps: Float32Array, channels: number, epsilon: number): void {
  for (let c = 0; c < channels; c++) {
    let highest = 0;
    for (let at = c; at < maps.length; at += channels) if (maps[at]! > highest) highest = maps[at]!;
    for (let at = c; at < maps.length; at += channels) maps[at] = maps[at]! / (highest + epsilon);
  }
}
