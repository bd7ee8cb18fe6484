import { readFileSync } from 'node:fs';
import {
  add,
  mul,
  type Scalar,
  sum,
  type Tensor4D,
  tensor,
  tensor4d,
  tidy,
  transpose,
  valueAndGrads,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { IMAGENET_PREPROCESS } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { compactSegmentation } from './compact-segmentation';
import { deeplabLargeFov } from './deeplab-large-fov';
import { deeplabV2 } from './deeplab-v2';
import { deeplabV3 } from './deeplab-v3';
import { deeplabV3Plus } from './deeplab-v3-plus';
import { resnet38Segmentation } from './resnet38-segmentation';
import type { SegmentationNetwork } from './segmentation-network';

beforeAll(async () => void (await useBackend('wasm')));

/** What PyTorch makes of the same heads: `fixtures/make_heads.py`. Values lie channels last. */
interface Expected {
  readonly parameters: readonly string[];
  readonly inference: readonly number[];
  readonly training: readonly number[];
  /** Of a weighted sum of the scores, by the features. */
  readonly gradient: readonly number[];
  /** Lengths of the gradients by the parameters. */
  readonly norms: Readonly<Record<string, number>>;
  /** Statistics of the norms after one pass in training. */
  readonly running: Readonly<Record<string, readonly number[]>>;
}
const expected = JSON.parse(readFileSync(new URL('../fixtures/heads.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Expected>
>;

/** The features are given; nothing runs before them. */
const backbone: Backbone = {
  taps: { low: { stride: 4, channels: 12 }, high: { stride: 8, channels: 16 } },
  classifierTap: 'high',
  parameters: new Map(),
  preprocess: IMAGENET_PREPROCESS,
  forward: () => ({}),
  dispose: () => {},
};

const shared = { classes: 4, dropout: 0 };
const HEADS: Readonly<Record<string, () => SegmentationNetwork>> = {
  deeplabLargeFov: () => deeplabLargeFov(backbone, shared),
  deeplabV2: () => deeplabV2(backbone, { classes: 4, rates: [1, 3] }),
  deeplabV3: () => deeplabV3(backbone, { ...shared, width: 8, rates: [2, 3] }),
  deeplabV3Plus: () => deeplabV3Plus(backbone, { ...shared, width: 8, lowWidth: 5, rates: [1, 2] }),
  resnet38Segmentation: () => resnet38Segmentation(backbone, { classes: 4, width: 8, dilation: 2 }),
  compactSegmentation: () =>
    compactSegmentation(backbone, { ...shared, width: 8, groups: 4, hidden: 10, dilations: [1, 2] }),
};

type Shape = readonly [number, number, number, number];

/** The formula of the fixtures, of torch's shapes. */
const wave = (count: number, phase: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(phase + 1.3 * i + 0.01 * i * i));
const channelsLast = ([n, c, h, w]: Shape, phase: number) =>
  tidy(() => transpose(tensor4d(wave(n * c * h * w, phase), [n, c, h, w]), [0, 2, 3, 1]) as Tensor4D);

/** Each channel about a mean of its own. */
const features = ([n, c, h, w]: Shape, phase: number) =>
  tidy(() => add(channelsLast([n, c, h, w], phase), channelsLast([1, c, 1, 1], phase)) as Tensor4D);

function fill({ parameters }: SegmentationNetwork): void {
  for (const [phase, name] of [...parameters.keys()].sort().entries()) {
    const variable = parameters.get(name)!;
    const [kh = 1, kw = 1, a = 1, b = 1] = variable.shape;
    const values = wave(variable.size, phase);
    tidy(() => {
      if (variable.rank === 4) {
        // Ours are [kh, kw, I, O].
        const filter = mul(tensor(values, [b, a, kh, kw]), 2 / Math.sqrt(a * kh * kw));
        variable.assign(transpose(filter, [2, 3, 1, 0]));
      } else {
        const near1 = /running_var$|weight$/.test(name);
        variable.assign(
          tensor(
            values.map((v) => (near1 ? 1 + 0.3 * v : 0.1 * v)),
            variable.shape,
          ),
        );
      }
    });
  }
}

/** The largest difference, of what is expected to be about 1. */
function difference(found: ArrayLike<number>, wanted: readonly number[]): number {
  expect(found.length).toBe(wanted.length);
  const scale = Math.max(1, ...wanted.map(Math.abs));
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!) / scale), 0);
}

describe.for(Object.keys(HEADS))('%s is PyTorch’s', (name) => {
  const wanted = expected[name]!;
  const make = () => {
    const network = HEADS[name]!();
    fill(network);
    const taps = { low: features([2, 12, 13, 11], 0.7), high: features([2, 16, 7, 6], 0.5) };
    return { network, taps };
  };

  test('by the names of its parameters, in inference and in training', async () => {
    const { network, taps } = make();
    expect([...network.parameters.keys()].sort()).toEqual(wanted.parameters);
    expect(difference(await network.head(taps).data(), wanted.inference)).toBeLessThan(1e-5);
    expect(difference(await network.head(taps, { training: true, seed: 1 }).data(), wanted.training)).toBeLessThan(
      1e-5,
    );
    for (const [key, values] of Object.entries(wanted.running)) {
      expect([key, difference(await network.parameters.get(key)!.data(), values) < 1e-5]).toEqual([key, true]);
    }
  });

  test('by its gradients', async () => {
    const { network, taps } = make();
    const weighted = (high: Tensor4D) => {
      const scores = network.head({ ...taps, high }, { training: true, seed: 1 });
      const [n, h, w, K] = scores.shape;
      return sum(mul(scores, channelsLast([n, K, h, w], 0.9))) as Scalar;
    };
    const { grads } = valueAndGrads((high) => weighted(high as Tensor4D))([taps.high]);
    expect(difference(await grads[0]!.data(), wanted.gradient)).toBeLessThan(1e-4);
    const variables = Object.keys(wanted.norms).map((key) => network.parameters.get(key)!);
    const byParameter = variableGrads(() => weighted(taps.high), variables).grads;
    for (const [i, [key, norm]] of Object.entries(wanted.norms).entries()) {
      const length = Math.hypot(...(await byParameter[variables[i]!.name]!.data()));
      expect(Math.abs(length - norm) / Math.max(norm, 1e-3), key).toBeLessThan(1e-4);
    }
  });
});
