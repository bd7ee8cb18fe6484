/** How the weights of a neighbourhood follow from colours and distances. */
export interface PixelAdaptiveSettings {
  /** Distances of the eight neighbours, in pixels. */
  readonly dilations: readonly number[];
  /** How many times. */
  readonly iterations: number;
  /** Width of both kernels, in standard deviations of the neighbourhood. */
  readonly spread: number;
  /** Weight of the kernel of distances. */
  readonly position: number;
}

const AROUND = [-1, -1, -1, 0, -1, 1, 0, -1, 0, 1, 1, -1, 1, 0, 1, 1] as const;

/**
 * Each pixel becomes the weighted mean of its neighbours, several times over. Weights are the softmax of
 * −((I_i − I_j) / (σ · spread))², averaged over the colours, plus `position` times that of the distances, and sum to
 * one; σ is the deviation within the neighbourhood. Beyond the border its last pixel is repeated.
 *
 * @param image `[height, width, 3]`.
 * @param maps `[height, width, channels]`.
 */
export function pixelAdaptive(
  image: ArrayLike<number>,
  maps: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  { dilations, iterations, spread, position }: PixelAdaptiveSettings,
): Float32Array {
  const count = 8 * dilations.length;
  const pixels = height * width;
  const rows = Array.from({ length: count }, (_, k) => dilations[k >> 3]! * AROUND[2 * (k & 7)]!);
  const columns = Array.from({ length: count }, (_, k) => dilations[k >> 3]! * AROUND[2 * (k & 7) + 1]!);
  const near = positionWeights(rows, columns, spread);
  const weights = new Float32Array(pixels * count);
  const places = new Int32Array(count);
  const score = new Float64Array(count);
  const neighbours = (y: number, x: number) => {
    for (let k = 0; k < count; k++) {
      const row = Math.min(height - 1, Math.max(0, y + rows[k]!));
      places[k] = row * width + Math.min(width - 1, Math.max(0, x + columns[k]!));
    }
  };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      neighbours(y, x);
      score.fill(0);
      for (let c = 0; c < 3; c++) {
        const deviation = spreadOf(image, places, c) + 1e-8;
        const own = image[i * 3 + c]!;
        for (let k = 0; k < count; k++) score[k]! -= ((own - image[places[k]! * 3 + c]!) / deviation / spread) ** 2 / 3;
      }
      softmax(score);
      for (let k = 0; k < count; k++) weights[i * count + k] = (score[k]! + position * near[k]!) / (1 + position);
    }
  }
  let [from, to] = [Float32Array.from(maps), new Float32Array(pixels * channels)];
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        neighbours(y, x);
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let k = 0; k < count; k++) sum += weights[i * count + k]! * from[places[k]! * channels + c]!;
          to[i * channels + c] = sum;
        }
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Of the distances alone: the same for every pixel. */
function positionWeights(rows: readonly number[], columns: readonly number[], spread: number): Float64Array {
  const distances = Float64Array.from(rows, (row, k) => Math.hypot(row, columns[k]!));
  const deviation = deviationOf(distances);
  const scores = distances.map((distance) => -((distance / (deviation + 1e-8) / spread) ** 2));
  softmax(scores);
  return scores;
}

function spreadOf(image: ArrayLike<number>, places: Int32Array, channel: number): number {
  let sum = 0;
  let squares = 0;
  for (const place of places) {
    const value = image[place * 3 + channel]!;
    sum += value;
    squares += value * value;
  }
  const n = places.length;
  return Math.sqrt(Math.max(0, (squares - (sum * sum) / n) / (n - 1)));
}

/** Of a sample, as torch's `std`. */
function deviationOf(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function softmax(scores: Float64Array): void {
  const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += scores[k] = Math.exp(scores[k]! - most);
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
}
