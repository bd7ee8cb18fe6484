import type { ConvGeometry } from '../conv-geometry';

/**
 * Calls back for every row of outputs under every tap: the first pixel that the tap sees in x and the first in y, how
 * many there are, and the tap.
 */
function eachRun(g: ConvGeometry, visit: (x: number, y: number, count: number, tap: number) => void): void {
  for (let n = 0; n < g.batchSize; n++) {
    for (let ky = 0; ky < g.filterHeight; ky++) {
      for (let oy = 0; oy < g.outHeight; oy++) {
        const y = oy * g.strideHeight + ky * g.dilationHeight - g.padInfo.top;
        if (y < 0 || y >= g.inHeight) continue;
        const row = (n * g.inHeight + y) * g.inWidth;
        const outRow = (n * g.outHeight + oy) * g.outWidth;
        for (let kx = 0; kx < g.filterWidth; kx++) {
          const shift = kx * g.dilationWidth - g.padInfo.left;
          const first = Math.max(0, Math.ceil(-shift / g.strideWidth));
          const end = Math.min(g.outWidth, Math.floor((g.inWidth - 1 - shift) / g.strideWidth) + 1);
          if (end > first) {
            visit(row + first * g.strideWidth + shift, outRow + first, end - first, ky * g.filterWidth + kx);
          }
        }
      }
    }
  }
}

/** Σ over pixels of x · dy, for each tap, channel, and output of the channel. */
export function depthwiseFilterGradient(out: Float32Array, x: Float32Array, dy: Float32Array, g: ConvGeometry): void {
  const channels = g.inChannels;
  const multiplier = g.outChannels / channels;
  const sums = new Float64Array(out.length);
  eachRun(g, (fromX, fromY, count, tap) => {
    const sum = tap * g.outChannels;
    if (multiplier === 1)
      addRun(sums, sum, x, fromX * channels, g.strideWidth * channels, dy, fromY * channels, channels, count);
    else {
      for (let i = 0; i < count; i++) {
        const px = (fromX + i * g.strideWidth) * channels;
        const py = (fromY + i) * g.outChannels;
        for (let c = 0; c < channels; c++) {
          for (let m = c * multiplier; m < (c + 1) * multiplier; m++) sums[sum + m]! += x[px + c]! * dy[py + m]!;
        }
      }
    }
  });
  out.set(sums);
}

/** Four pixels at a time: the sums are read and written once for the four. */
function addRun(
  sums: Float64Array,
  sum: number,
  x: Float32Array,
  fromX: number,
  stepX: number,
  dy: Float32Array,
  fromY: number,
  channels: number,
  count: number,
): void {
  let [px, py, i] = [fromX, fromY, 0];
  const [x2, x3, y2, y3] = [2 * stepX, 3 * stepX, 2 * channels, 3 * channels];
  for (; i + 4 <= count; i += 4, px += 4 * stepX, py += 4 * channels) {
    for (let c = 0; c < channels; c++) {
      const [p, q] = [px + c, py + c];
      sums[sum + c]! +=
        x[p]! * dy[q]! + x[p + stepX]! * dy[q + channels]! + x[p + x2]! * dy[q + y2]! + x[p + x3]! * dy[q + y3]!;
    }
  }
  for (; i < count; i++, px += stepX, py += channels) {
    for (let c = 0; c < channels; c++) sums[sum + c]! += x[px + c]! * dy[py + c]!;
  }
}

/** Σ over taps and outputs of the channel of dy · filter. */
export function depthwiseInputGradient(
  dx: Float32Array,
  dy: Float32Array,
  filter: Float32Array,
  g: ConvGeometry,
): void {
  const channels = g.inChannels;
  const multiplier = g.outChannels / channels;
  dx.fill(0);
  eachRun(g, (toX, fromY, count, tap) => {
    const weights = tap * g.outChannels;
    for (let i = 0; i < count; i++) {
      const px = (toX + i * g.strideWidth) * channels;
      const py = (fromY + i) * g.outChannels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let m = c * multiplier; m < (c + 1) * multiplier; m++) sum += dy[py + m]! * filter[weights + m]!;
        dx[px + c]! += sum;
      }
    }
  });
}
