import {
  add,
  div,
  grads,
  memory,
  mul,
  setBackend,
  sum,
  type Tensor,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { hostTensor, random } from '@wsss/core';
import {
  averagePool2d,
  batchNorm,
  channelDropout,
  conv2d,
  globalAveragePool,
  groupNorm,
  linear,
  maxPool2d,
  trainedBatchNorm,
} from '@wsss/core/layers';
import { asTensor } from '@wsss/core/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS } from '../test-support';
import { useBackend } from '../use-backend';

interface Layer {
  name: string;
  /** Of what is differentiated. */
  shapes: number[][];
  apply(...inputs: Tensor[]): Tensor;
}

const X = [2, 7, 6, 4];
const running = { runningMean: host([4], 'mean'), runningVar: host([4], 'variance', (v) => 1 + v * v) };
const still: { [name: string]: Variable } = {};

const convolutions = [
  { groups: 1, stride: 2, padding: 1 },
  { groups: 1, dilation: 2, padding: 2 },
  { groups: 1, dilation: 2, stride: 2, padding: [2, 1] as [number, number] },
  { groups: 2, stride: 3, padding: 1 },
  { groups: 2, dilation: 4, padding: 4 },
  { groups: 4, stride: 2, padding: 1 },
  { groups: 4, dilation: 2, padding: 2 },
];

const layers: Layer[] = [
  ...convolutions.flatMap((options): Layer[] =>
    [undefined, 'relu6' as const].map((activation) => ({
      name: `conv2d ${JSON.stringify({ ...options, activation })}`,
      shapes: [X, [3, 3, 4 / options.groups, 8], [8]],
      apply: (x, filter, bias) => conv2d(x!, filter!, { ...options, bias: bias!, activation }),
    })),
  ),
  { name: 'linear', shapes: [[5, 4], [4, 3], [3]], apply: (x, w, b) => linear(x!, w!, { bias: b! }) },
  {
    name: 'batchNorm',
    shapes: [X, [4], [4]],
    apply: (x, weight, bias) => batchNorm(x!, { weight: weight!, bias: bias!, ...running }),
  },
  {
    name: 'trainedBatchNorm',
    shapes: [X, [4], [4]],
    apply: (x, weight, bias) =>
      trainedBatchNorm(x!, { weight: weight!, bias: bias!, runningMean: still.mean!, runningVar: still.variance! }),
  },
  {
    name: 'groupNorm',
    shapes: [X, [4], [4]],
    apply: (x, weight, bias) => groupNorm(x!, { groups: 2, weight: weight!, bias: bias! }),
  },
  { name: 'maxPool2d', shapes: [X], apply: (x) => maxPool2d(x!, 3, { stride: 2, padding: 1 }) },
  { name: 'maxPool2d, ceil mode', shapes: [X], apply: (x) => maxPool2d(x!, 3, { stride: 2, ceilMode: true }) },
  { name: 'averagePool2d', shapes: [X], apply: (x) => averagePool2d(x!, 3, { stride: 2, padding: 1 }) },
  { name: 'globalAveragePool', shapes: [X], apply: (x) => globalAveragePool(x!) },
  { name: 'channelDropout', shapes: [X], apply: (x) => channelDropout(x!, 0.4, { seed: 3 }) },
];

describe.each(BACKENDS)('gradients of the layers of core on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    await setBackend(backend);
    still.mean = tidy(() => variable(vector([4], 'mean')));
    still.variance = tidy(() => variable(asTensor(running.runningVar)));
  });

  test.each(layers.map((layer) => [layer.name, layer] as const))('%s', async (name, { shapes, apply }) => {
    const inputs = shapes.map((shape, i) => vector(shape, `${name} ${i}`));
    const output = apply(...inputs);
    const slopes = vector(output.shape, `${name} slopes`);
    output.dispose();
    const weights = (await slopes.data()) as Float32Array;
    const loss = (...xs: Tensor[]) => sum(mul(apply(...xs), slopes));
    const before = memory().numTensors;
    const found = grads(loss)(inputs);
    expect(memory().numTensors).toBe(before + inputs.length);
    for (const [i, gradient] of found.entries()) {
      // Along the gradient itself the slope must be its length: too small where a part of it is wrong.
      const values = await gradient.data();
      const length = Math.hypot(...values);
      const direction = tidy(() => div(gradient, length));
      const step = 1e-3;
      const at = async (sign: number) => {
        const moved = inputs.map((x, j) => (j === i ? tidy(() => add(x, mul(direction, sign * step))) : x));
        const y = await tidy(() => apply(...moved)).data();
        return [...y].reduce((total, v, k) => total + v * weights[k]!, 0);
      };
      const slope = ((await at(1)) - (await at(-1))) / (2 * step);
      expect(length).toBeGreaterThan(0.1);
      expect(Math.abs(slope - length) / length).toBeLessThan(1e-3);
    }
  });
});

function vector(shape: number[], name: string): Tensor {
  return tidy(() => asTensor(host(shape, name)));
}

function host(shape: number[], name: string, map = (v: number) => v) {
  const stream = random(11).fork(name);
  const length = shape.reduce((a, b) => a * b, 1);
  return hostTensor(
    Float32Array.from({ length }, () => map(stream.normal())),
    shape,
  );
}
