export interface ZeroInsertion {
  readonly batch: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Where the first value goes; what falls outside is dropped. */
  readonly offset: readonly [number, number];
  readonly channels: number;
}

/** Spreads the pixels of `[n, h, w, c]` over a larger grid of zeros. */
export function zeroInsert(
  out: Float32Array,
  values: Float32Array,
  { batch, from: [height, width], to: [toHeight, toWidth], stride, offset, channels }: ZeroInsertion,
): void {
  out.fill(0);
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height; y++) {
      const toY = offset[0] + y * stride[0];
      if (toY < 0 || toY >= toHeight) continue;
      for (let x = 0; x < width; x++) {
        const toX = offset[1] + x * stride[1];
        if (toX < 0 || toX >= toWidth) continue;
        const source = ((n * height + y) * width + x) * channels;
        const target = ((n * toHeight + toY) * toWidth + toX) * channels;
        for (let c = 0; c < channels; c++) out[target + c] = values[source + c]!;
      }
    }
  }
}
