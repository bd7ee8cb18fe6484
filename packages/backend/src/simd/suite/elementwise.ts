import { dispose, memory, tensor } from '@tensorflow/tfjs-core';
import { random } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../use-backend';
import { simdFusedConv2d } from '../conv2d';
import { simdFusedDepthwise } from '../depthwise';
import { simdMaxPoolGrad } from '../max-pool-grad';
import { simdPrelu } from '../prelu';
import { simdMean, simdSum } from '../sum';
import { difference, draw, runAccelerated } from './test-support';

const BOUND = 2e-6;
const WIDTHS = [1, 3, 4, 7, 16, 21, 40];

/** Sums, PReLU and the gradient of max pooling equal loops in doubles, for channels with tails of every size. */
export function testElementwise(): void {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  test.each(WIDTHS)('sums and means over pixels, %d channels', async (c) => {
    const x = draw(random(c), [2, 9, 11, c + 1]);
    const before = memory().numTensors;
    const [sum, mean] = [
      runAccelerated(simdSum, { x }, { axis: [1, 2], keepDims: false }),
      runAccelerated(simdMean, { x }, { axis: [0, 1, 2], keepDims: true }),
    ];
    expect(memory().numTensors).toBe(before + 2);
    expect([sum.shape, mean.shape]).toEqual([
      [2, c + 1],
      [1, 1, 1, c + 1],
    ]);
    const values = await x.data();
    const sums = [new Float64Array(sum.size), new Float64Array(mean.size)] as const;
    const scales = [new Float64Array(sum.size), new Float64Array(mean.size)] as const;
    values.forEach((value, i) => {
      const [image, channel] = [Math.floor(i / (99 * (c + 1))), i % (c + 1)];
      sums[0][image * (c + 1) + channel]! += value;
      scales[0][image * (c + 1) + channel]! += Math.abs(value);
      sums[1][channel]! += value / 198;
      scales[1][channel]! += Math.abs(value) / 198;
    });
    expect(difference(await sum.data(), sums[0], scales[0])).toBeLessThan(BOUND);
    expect(difference(await mean.data(), sums[1], scales[1])).toBeLessThan(BOUND);
    dispose([x, sum, mean]);
  });

  test.each(WIDTHS)('PReLU, by itself and fused, %d channels', async (c) => {
    const stream = random(c);
    const [x, alpha] = [draw(stream, [2, 5, 6, c]), draw(stream, [c])];
    const identity = tensor(
      Float32Array.from({ length: c * c }, (_, i) => (i % (c + 1) === 0 ? 1 : 0)),
      [1, 1, c, c],
    );
    const ones = tensor(new Float32Array(c).fill(1), [1, 1, c, 1]);
    const fused = { strides: 1, pad: 'same', activation: 'prelu' };
    const results = [
      runAccelerated(simdPrelu, { x, alpha }, {}),
      runAccelerated(simdFusedConv2d, { x, filter: identity, preluActivationWeights: alpha }, fused),
      runAccelerated(simdFusedDepthwise, { x, filter: ones, preluActivationWeights: alpha }, fused),
    ];
    const slopes = await alpha.data();
    const wanted = Float32Array.from(await x.data(), (value, i) => (value > 0 ? value : value * slopes[i % c]!));
    for (const result of results) expect(await result.data()).toEqual(wanted);
    dispose([x, alpha, identity, ones, ...results]);
  });

  test.each(WIDTHS)('the gradient of max pooling goes to the first maximum, %d channels', async (c) => {
    const stream = random(c);
    // Of few different values: ties are common.
    const drawn = draw(stream, [2, 7, 9, c]);
    const input = tensor(Float32Array.from(await drawn.data(), Math.round), [2, 7, 9, c]);
    const dy = draw(stream, [2, 4, 5, c]);
    const dx = runAccelerated(simdMaxPoolGrad, { dy, input }, { filterSize: 3, strides: 2, pad: 'same' });
    const [xs, dys] = [await input.data(), await dy.data()];
    const [sums, scales] = [new Float64Array(dx.size), new Float64Array(dx.size).fill(1)];
    for (let i = 0; i < dys.length; i++) {
      const [n, oy, ox, channel] = [
        Math.floor(i / (20 * c)),
        Math.floor(i / (5 * c)) % 4,
        Math.floor(i / c) % 5,
        i % c,
      ];
      let best = -1;
      for (let tap = 0; tap < 9; tap++) {
        const [y, x] = [2 * oy + Math.floor(tap / 3) - 1, 2 * ox + (tap % 3) - 1];
        if (y < 0 || y >= 7 || x < 0 || x >= 9) continue;
        const place = ((n * 7 + y) * 9 + x) * c + channel;
        if (best < 0 || xs[place]! > xs[best]!) best = place;
      }
      sums[best]! += dys[i]!;
      scales[best]! += Math.abs(dys[i]!);
    }
    expect(difference(await dx.data(), sums, scales)).toBeLessThan(BOUND);
    dispose([drawn, input, dy, dx]);
  });
}
