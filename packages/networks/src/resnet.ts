import { add, relu, type Tensor4D } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS, ValueError } from '@wsss/core';
import { globalAveragePool, kaimingNormal, maxPool2d } from '@wsss/core/layers';
import type { Layers, NetworkOptions, Step } from './architecture';
import { type Declaration, declare } from './declare';
import { frozenStages } from './frozen-stages';
import { makeNetwork, type Network } from './make-network';

export interface ResnetOptions extends NetworkOptions {
  /** Pixels per cell of the last tap. */
  outputStride?: 8 | 16 | 32;
  /** Whether dilation takes the place of the strides that a smaller output stride removes. */
  dilated?: boolean;
  /** The last stage that does not train: 0 none, 1 to 4 up to that layer, the stem included; `true` for all. */
  frozen?: number | boolean;
  /** With `classes`: `'classifier'`, SIPE's and IRN's 1×1 convolution without bias, or torchvision's `'fc'`, with bias. */
  head?: 'classifier' | 'fc';
}

/**
 * ResNet-50 with torchvision's parameter names, stride on the 3×3 convolution. Taps `maxpool` (64 channels, stride 4),
 * `layer1` (256) … `layer4` (2048, the classifier's). The defaults are those of SIPE and IRN: output stride 16 without
 * dilation, batch norm on its running statistics with γ and β trained, no gradient up to layer2.
 *
 * @param options.outputStride @default 16
 * @param options.dilated @default false
 * @param options.frozen @default 2, SIPE's; IRN's is 1
 * @param options.head @default 'classifier'
 * @throws {ValueError} if an option is out of range.
 *
 * Source: He et al., "Deep residual learning for image recognition", CVPR 2016; Chen et al. (SIPE), CVPR 2022.
 */
export function resnet50(options: ResnetOptions = {}): Network {
  return resnet('resnet50', [3, 4, 6, 3], { outputStride: 16, dilated: false, frozen: 2, ...given(options) });
}

/**
 * ResNet-101 with torchvision's parameter names, as {@link resnet50}; the defaults are those of DeepLab: output
 * stride 8, dilated as torchvision does (the first block of a stage that lost its stride reaches as far as before it,
 * the others twice that), everything trained.
 *
 * @param options.outputStride @default 8
 * @param options.dilated @default true
 * @param options.frozen @default 0
 * @param options.head @default 'classifier'
 */
export function resnet101(options: ResnetOptions = {}): Network {
  return resnet('resnet101', [3, 4, 23, 3], { outputStride: 8, dilated: true, frozen: 0, ...given(options) });
}

type Settled = ResnetOptions & Required<Pick<ResnetOptions, 'outputStride' | 'dilated' | 'frozen'>>;

/** Without the options that are `undefined`, which mean the default. */
function given(options: ResnetOptions): ResnetOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function resnet(name: string, counts: readonly number[], options: Settled): Network {
  const { outputStride, dilated, frozen, classes, head = 'classifier', batchNorm = 'running' } = options;
  if (![8, 16, 32].includes(outputStride)) {
    throw new ValueError(name, 'outputStride', 'to be 8, 16 or 32', outputStride);
  }
  if (head !== 'classifier' && head !== 'fc') throw new ValueError(name, 'head', "to be 'classifier' or 'fc'", head);
  const trains = frozenStages(name, frozen, 4);
  const declared = declare(name, options);
  const initialiser = kaimingNormal({ fan: 'out' });
  const stem = { in: 3, out: 64, kernel: 7, initialiser, trainable: frozen === 0 || frozen === false };
  declared.convNorm(['conv1', 'bn1'], stem);
  const steps: Step[] = [
    { run: (layers, x) => layers.convNorm(['conv1', 'bn1'], x, { stride: 2, padding: 3, activation: 'relu' }) },
    { tap: 'maxpool', run: (layers, x) => layers.told('maxpool', maxPool2d(x, 3, { stride: 2, padding: 1 })) },
  ];
  const taps: Record<string, { stride: number; channels: number }> = { maxpool: { stride: 4, channels: 64 } };

  let input = 64;
  let stride = 4;
  let dilation = 1;
  counts.forEach((count, s) => {
    const middle = 64 << s;
    const asked = s === 0 ? 1 : 2;
    const first = stride * asked > outputStride ? 1 : asked;
    const before = dilation;
    if (first !== asked && dilated) dilation *= asked;
    stride *= first;
    for (let b = 0; b < count; b++) {
      const block: Block = {
        name: `layer${s + 1}.${b}`,
        input,
        middle,
        stride: b === 0 ? first : 1,
        dilation: b === 0 ? before : dilation,
        projected: b === 0,
      };
      declareBlock(declared, block, { initialiser, trainable: trains(s + 1) });
      const tap = b === count - 1 ? `layer${s + 1}` : undefined;
      steps.push({ ...(tap && { tap }), run: (layers, x) => runBlock(layers, block, x) });
      input = 4 * middle;
    }
    taps[`layer${s + 1}`] = { stride, channels: input };
  });

  if (classes !== undefined && head === 'fc') declared.builder.linear('fc', { in: input, out: classes });
  if (classes !== undefined && head === 'classifier') {
    declared.builder.conv2d('classifier', { in: input, out: classes, kernel: 1 });
  }
  return makeNetwork(
    {
      name,
      taps,
      classifierTap: 'layer4',
      ...(classes !== undefined && {
        classifierWeights: `${head}.weight`,
        head: (layers, features) =>
          head === 'fc'
            ? layers.linear('fc', globalAveragePool(features))
            : globalAveragePool(layers.conv2d('classifier', features)),
      }),
      preprocess: options.preprocess ?? IMAGENET_PREPROCESS,
      batchNorm,
      checkpoint: options.checkpoint ?? false,
      epsilon: 1e-5,
      normed: declared.normed,
      steps,
    },
    declared.variables(),
  );
}

interface Block {
  name: string;
  input: number;
  middle: number;
  stride: number;
  dilation: number;
  projected: boolean;
}

const pairs = (name: string) => ({
  reduce: [`${name}.conv1`, `${name}.bn1`] as const,
  spatial: [`${name}.conv2`, `${name}.bn2`] as const,
  expand: [`${name}.conv3`, `${name}.bn3`] as const,
  shortcut: [`${name}.downsample.0`, `${name}.downsample.1`] as const,
});

function declareBlock(
  declared: Declaration,
  { name, input, middle, projected }: Block,
  shared: { initialiser: ReturnType<typeof kaimingNormal>; trainable: boolean },
): void {
  const { reduce, spatial, expand, shortcut } = pairs(name);
  declared.convNorm(reduce, { in: input, out: middle, kernel: 1, ...shared });
  declared.convNorm(spatial, { in: middle, out: middle, kernel: 3, ...shared });
  declared.convNorm(expand, { in: middle, out: 4 * middle, kernel: 1, ...shared });
  if (projected) declared.convNorm(shortcut, { in: input, out: 4 * middle, kernel: 1, ...shared });
}

function runBlock(layers: Layers, { name, stride, dilation, projected }: Block, x: Tensor4D): Tensor4D {
  const { reduce, spatial, expand, shortcut } = pairs(name);
  let y = layers.convNorm(reduce, x, { activation: 'relu' });
  y = layers.convNorm(spatial, y, { stride, padding: dilation, dilation, activation: 'relu' });
  y = layers.convNorm(expand, y);
  const beside = projected ? layers.convNorm(shortcut, x, { stride }) : x;
  return layers.told(name, relu(add<Tensor4D>(y, beside)));
}
