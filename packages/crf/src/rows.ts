/** `[N, channels]` into rows of `width`; what lies behind the channels is left alone. */
export function interleave(values: Float32Array, channels: number, target: Float32Array, width: number): void {
  if (channels === width) {
    target.set(values);
    return;
  }
  for (let from = 0, to = 0; from < values.length; from += channels, to += width) {
    for (let c = 0; c < channels; c++) target[to + c] = values[from + c]!;
  }
}

/** Rows of `width` into `[N, channels]`. */
export function deinterleave(values: Float32Array, width: number, target: Float32Array, channels: number): void {
  if (channels === width) {
    target.set(values);
    return;
  }
  for (let from = 0, to = 0; to < target.length; from += width, to += channels) {
    for (let c = 0; c < channels; c++) target[to + c] = values[from + c]!;
  }
}
