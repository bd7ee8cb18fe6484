import { add } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS, ValueError } from '@wsss/core';
import { constantValue, globalAveragePool, kaimingNormal, normalValues } from '@wsss/core/layers';
import type { NetworkOptions, Step } from './architecture';
import { declare } from './declare';
import { makeNetwork, type Network } from './make-network';

export interface MobilenetV2Options extends NetworkOptions {
  /** Pixels per cell of the last tap. Below 32, dilation takes the place of the last strides. @default 32 */
  outputStride?: 8 | 16 | 32;
  /** Of the channels of every layer; the last layer never narrows. @default 1 */
  widthMultiplier?: number;
  /** The last of `features.0` … `features.18` that does not train; `true` for all of them. @default none */
  frozen?: number | boolean;
}

/** Expansion, channels, number of blocks, stride of the first: table 2 of the paper. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * MobileNetV2 with torchvision's parameter names and padding. Taps `features.0` … `features.18` (1280 channels, the
 * classifier's); `classes` adds torchvision's `classifier.1` (linear with bias).
 *
 * For an output stride below 32 the first stride-2 convolution of a removed step gets stride 1, and the convolutions
 * after it the dilation that keeps their view: at 16, `features.14` stride 1, `features.15` … `17` dilation 2.
 *
 * @throws {ValueError} if an option is out of range.
 *
 * Source: Sandler et al., "MobileNetV2: Inverted residuals and linear bottlenecks", CVPR 2018, table 2.
 */
export function mobilenetV2(options: MobilenetV2Options = {}): Network {
  const { outputStride = 32, widthMultiplier = 1, classes, frozen = false } = options;
  if (![8, 16, 32].includes(outputStride)) {
    throw new ValueError('mobilenetV2', 'outputStride', 'to be 8, 16 or 32', outputStride);
  }
  if (!(widthMultiplier > 0 && Number.isFinite(widthMultiplier))) {
    throw new ValueError('mobilenetV2', 'widthMultiplier', 'to be positive', widthMultiplier);
  }
  const lastFrozen = frozen === true ? 18 : frozen === false ? -1 : frozen;
  if (!(Number.isSafeInteger(lastFrozen) && lastFrozen >= -1 && lastFrozen <= 18)) {
    throw new ValueError('mobilenetV2', 'frozen', 'to be the number of a layer, 0 … 18, or a boolean', frozen);
  }

  const declared = declare('mobilenetV2', options);
  const taps: Record<string, { stride: number; channels: number }> = {};
  const steps: Step[] = [];
  const width = (channels: number) => divisibleBy8(channels * widthMultiplier);
  const trainable = () => steps.length > lastFrozen;
  const initialiser = kaimingNormal({ fan: 'out' });
  const addStep = (stride: number, channels: number, run: Step['run']) => {
    const tap = `features.${steps.length}`;
    taps[tap] = { stride, channels };
    steps.push({ tap, run: (layers, x) => layers.told(tap, run(layers, x)) });
  };

  const stem = width(32);
  declared.convNorm(['features.0.0', 'features.0.1'], {
    in: 3,
    out: stem,
    kernel: 3,
    initialiser,
    trainable: trainable(),
  });
  addStep(2, stem, (layers, x) =>
    layers.convNorm(['features.0.0', 'features.0.1'], x, { stride: 2, padding: 1, activation: 'relu6' }),
  );

  let channels = stem;
  let stride = 2;
  let dilation = 1;
  for (const [expansion, base, blocks, firstStride] of STAGES) {
    for (let b = 0; b < blocks; b++) {
      const asked = b === 0 ? firstStride : 1;
      // Beyond the asked-for output stride this block keeps its size; those after it reach as far as before.
      const step = stride * asked > outputStride ? 1 : asked;
      const reach = dilation;
      if (step !== asked) dilation *= asked;
      stride *= step;
      const output = width(base);
      const hidden = channels * expansion;
      const name = `features.${steps.length}.conv`;
      const expand = expansion === 1 ? undefined : ([`${name}.0.0`, `${name}.0.1`] as const);
      const at = expand ? 1 : 0;
      const depthwise = [`${name}.${at}.0`, `${name}.${at}.1`] as const;
      const project = [`${name}.${at + 1}`, `${name}.${at + 2}`] as const;
      const shared = { initialiser, trainable: trainable() };
      if (expand) declared.convNorm(expand, { in: channels, out: hidden, kernel: 1, ...shared });
      declared.convNorm(depthwise, { in: hidden, out: hidden, kernel: 3, groups: hidden, ...shared });
      declared.convNorm(project, { in: hidden, out: output, kernel: 1, ...shared });
      const residual = asked === 1 && channels === output;
      addStep(stride, output, (layers, x) => {
        const wide = expand ? layers.convNorm(expand, x, { activation: 'relu6' }) : x;
        const seen = layers.convNorm(depthwise, wide, {
          groups: hidden,
          stride: step,
          padding: reach,
          dilation: reach,
          activation: 'relu6',
        });
        const y = layers.convNorm(project, seen);
        return residual ? add(x, y) : y;
      });
      channels = output;
    }
  }

  const last = divisibleBy8(1280 * Math.max(1, widthMultiplier));
  declared.convNorm(['features.18.0', 'features.18.1'], {
    in: channels,
    out: last,
    kernel: 1,
    initialiser,
    trainable: trainable(),
  });
  addStep(stride, last, (layers, x) => layers.convNorm(['features.18.0', 'features.18.1'], x, { activation: 'relu6' }));

  if (classes !== undefined) {
    declared.builder.linear('classifier.1', {
      in: last,
      out: classes,
      initialiser: normalValues(0.01),
      biasInitialiser: constantValue(0),
    });
  }
  return makeNetwork(
    {
      name: 'mobilenetV2',
      taps,
      classifierTap: 'features.18',
      ...(classes !== undefined && { classifierWeights: 'classifier.1.weight' }),
      preprocess: options.preprocess ?? IMAGENET_PREPROCESS,
      batchNorm: options.batchNorm ?? 'running',
      checkpoint: options.checkpoint ?? false,
      epsilon: 1e-5,
      normed: declared.normed,
      steps,
      ...(classes !== undefined && {
        head: (layers, features) => {
          // torchvision drops single pooled values with probability 0.2: on `[n, 1, 1, F]` that is channel dropout.
          const dropped = layers.dropout('classifier.0', features, 0.2);
          return layers.linear('classifier.1', globalAveragePool(dropped));
        },
      }),
    },
    declared.variables(),
  );
}

/** The nearest multiple of 8 that is not more than 10 % smaller. */
function divisibleBy8(channels: number): number {
  const near = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return near < 0.9 * channels ? near + 8 : near;
}
