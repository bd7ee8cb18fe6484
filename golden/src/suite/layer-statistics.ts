import type { Tensor } from '@tensorflow/tfjs-core';

/** What sidecars record of a layer's output, in torch's order of values. */
export type LayerStatistics = {
  shape: number[];
  mean: number;
  /** Of the population. */
  std: number;
  min: number;
  max: number;
  first8: number[];
  last8: number[];
};

/** Of an output `[n, h, w, C]` or `[n, C]` of ours. */
export async function layerStatistics(output: Tensor): Promise<LayerStatistics> {
  const values = await output.data();
  const [n, C] = [output.shape[0]!, output.shape.at(-1)!];
  const cells = output.shape.slice(1, -1);
  const area = cells.reduce((product, size) => product * size, 1);
  // Value i in torch's order [n, C, h, w].
  const theirs = (i: number) => {
    const [image, rest] = [Math.floor(i / (C * area)), i % (C * area)];
    return values[(image * area + (rest % area)) * C + Math.floor(rest / area)]!;
  };
  const edge = Math.min(8, values.length);
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return {
    shape: [n, C, ...cells],
    mean,
    std: Math.sqrt(squares / values.length),
    min,
    max,
    first8: Array.from({ length: edge }, (_, i) => theirs(i)),
    last8: Array.from({ length: edge }, (_, i) => theirs(values.length - edge + i)),
  };
}
