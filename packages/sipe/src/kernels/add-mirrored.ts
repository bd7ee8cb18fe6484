/** Maps `[h, w, C]` and others, mirrored left to right, added: a new array. */
export function addMirrored(
  plain: Float32Array,
  mirrored: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): Float32Array {
  const sum = new Float32Array(plain.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let from = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++, at++, from++) sum[at] = plain[at]! + mirrored[from]!;
    }
  }
  return sum;
}
