import { add, reshape, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS, ValueError } from '@wsss/core';
import { globalAveragePool, linear, xavierUniform } from '@wsss/core/layers';
import type { Layers, NetworkOptions, Step } from './architecture';
import { declare } from './declare';
import { frozenStages } from './frozen-stages';
import { makeNetwork, type Network } from './make-network';

export interface Resnet38dOptions extends NetworkOptions {
  /** Pixels per cell of the last tap: 8 as in the papers; 16 and 32 give b5 and b6 strides for dilations. @default 8 */
  outputStride?: 8 | 16 | 32;
  /** The last stage that does not train: 1 is conv1a, 2 to 7 the blocks b2 to b7; `true` for all. @default 2, PSA's */
  frozen?: number | boolean;
}

interface Block {
  name: string;
  stage: number;
  input: number;
  output: number;
  /** Channels between: of conv_branch2a, and in a bottleneck of conv_branch2b1. */
  middle: readonly number[];
  stride: number;
  dilations: readonly [number, number];
  /** A tap that is the block's activated input. */
  tap?: string;
  /** Probability that a channel of a bottleneck is dropped in training. */
  drop: number;
  /** Whether conv_branch1 projects the shortcut. */
  projected: boolean;
}

/**
 * ResNet-38, the wide residual network A1 with dilations, as PSA uses it: pre-activated blocks, convolutions without
 * bias. Taps `conv4` (512 channels, stride 8) and `conv5` (1024), the activated inputs of b5 and b6, and `conv6`
 * (4096, the classifier's); `classes` adds PSA's `fc8`, a 1×1 convolution without bias on the pooled features.
 *
 * As in PSA, batch norm stands on its running statistics and its γ and β do not train (with `batchNorm: 'batch'` they
 * do), and conv1a and b2 are frozen.
 *
 * @throws {ValueError} if an option is out of range.
 *
 * Source: Wu, Shen & van den Hengel, "Wider or deeper: revisiting the ResNet model for visual recognition", 2016, model
 * A1; Ahn & Kwak, CVPR 2018.
 */
export function resnet38d(options: Resnet38dOptions = {}): Network {
  const { outputStride = 8, classes, batchNorm = 'running' } = options;
  if (![8, 16, 32].includes(outputStride)) {
    throw new ValueError('resnet38d', 'outputStride', 'to be 8, 16 or 32', outputStride);
  }
  const trains = frozenStages('resnet38d', options.frozen ?? 2, 7);
  const declared = declare('resnet38d', options);
  const { builder } = declared;
  const affine = (stage: number) => ({ trainable: batchNorm === 'batch' && trains(stage) });

  builder.conv2d('conv1a', { in: 3, out: 64, kernel: 3, trainable: trains(1) });
  const steps: Step[] = [{ run: (layers, x) => layers.conv2d('conv1a', x, { padding: 1 }) }];
  const blocks = blocksAt(outputStride);
  for (const block of blocks) {
    declareBlock(block);
    // The activated input is a step of its own where it is a tap, or all that the block needs.
    const activate = (layers: Layers, x: Tensor4D) => layers.norm(`${block.name}.bn_branch2a`, x, 'relu');
    if (block.projected) {
      steps.push({ ...(block.tap && { tap: block.tap }), run: activate });
      steps.push({
        run: (layers, a) =>
          runBlock(layers, block, a, layers.conv2d(`${block.name}.conv_branch1`, a, { stride: block.stride })),
      });
    } else {
      steps.push({ run: (layers, x) => runBlock(layers, block, activate(layers, x), x) });
    }
  }
  builder.batchNorm('bn7', 4096, affine(7));
  steps.push({ tap: 'conv6', run: (layers, x) => layers.norm('bn7', x, 'relu') });
  if (classes !== undefined) {
    builder.conv2d('fc8', { in: 4096, out: classes, kernel: 1, initialiser: xavierUniform() });
  }

  function declareBlock({ name, stage, input, output, middle, projected }: Block): void {
    const trainable = trains(stage);
    const normTrainable = affine(stage).trainable;
    builder.batchNorm(`${name}.bn_branch2a`, input, affine(stage));
    if (projected) builder.conv2d(`${name}.conv_branch1`, { in: input, out: output, kernel: 1, trainable });
    const kernels = middle.length === 1 ? [3, 3] : [1, 3, 1];
    const widths = [input, ...middle, output];
    kernels.forEach((kernel, i) => {
      const shape = { in: widths[i]!, out: widths[i + 1]!, kernel, trainable };
      const conv = `${name}.conv_${branches[i]}`;
      if (i === kernels.length - 1) builder.conv2d(conv, shape);
      else declared.convNorm([conv, `${name}.bn_${branches[i + 1]}`], { ...shape, normTrainable });
    });
  }

  const stride = (tap: string) => (tap === 'conv4' ? 8 : tap === 'conv5' ? Math.min(outputStride, 16) : outputStride);
  return makeNetwork(
    {
      name: 'resnet38d',
      taps: {
        conv4: { stride: stride('conv4'), channels: 512 },
        conv5: { stride: stride('conv5'), channels: 1024 },
        conv6: { stride: stride('conv6'), channels: 4096 },
      },
      classifierTap: 'conv6',
      ...(classes !== undefined && { classifierWeights: 'fc8.weight', head: pooledHead(classes) }),
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

const branches = ['branch2a', 'branch2b1', 'branch2b2'] as const;

function runBlock(layers: Layers, block: Block, a: Tensor4D, shortcut: Tensor4D): Tensor4D {
  const { name, stride, middle, drop } = block;
  const [first, second] = block.dilations;
  const within = (i: number) => [`${name}.conv_${branches[i]}`, `${name}.bn_${branches[i + 1]}`] as const;
  let x = a;
  if (middle.length === 1) {
    x = layers.convNorm(within(0), x, { stride, padding: first, dilation: first, activation: 'relu' });
    x = layers.conv2d(`${name}.conv_branch2b1`, x, { padding: second, dilation: second });
  } else {
    x = layers.convNorm(within(0), x, { stride, activation: 'relu' });
    x = layers.dropout(`${name}.dropout_2b1`, x, drop);
    x = layers.convNorm(within(1), x, { padding: second, dilation: second, activation: 'relu' });
    x = layers.dropout(`${name}.dropout_2b2`, x, drop);
    x = layers.conv2d(`${name}.conv_branch2b2`, x);
  }
  return layers.told(name, add(shortcut, x));
}

/** dropout → pool → fc8: PSA pools first, which costs one vector instead of a map. */
const pooledHead =
  (classes: number) =>
  (layers: Layers, features: Tensor4D): Tensor2D =>
    linear(
      globalAveragePool(layers.dropout('dropout7', features, 0.5)),
      reshape(layers.parameter('fc8.weight'), [4096, classes]),
    );

/** The table of the blocks: PSA's at stride 8; at 16 and 32 b5 and b6 stride, and what follows dilates less. */
function blocksAt(outputStride: 8 | 16 | 32): Block[] {
  const reach = 8 / outputStride;
  const dilated = (d: number) => Math.max(1, d * reach);
  const blocks: Block[] = [];
  let input = 64;
  const stage = (number: number, count: number, middle: number[], output: number, options: Partial<Block> = {}) => {
    for (let i = 0; i < count; i++) {
      const projected = i === 0;
      blocks.push({
        name: i === 0 ? `b${number}` : `b${number}_${i}`,
        stage: number,
        input,
        output,
        middle,
        stride: 1,
        dilations: [1, 1],
        drop: 0,
        projected,
        ...(projected ? options : { dilations: [options.dilations?.[1] ?? 1, options.dilations?.[1] ?? 1] }),
      });
      input = output;
    }
  };
  stage(2, 3, [128], 128, { stride: 2 });
  stage(3, 3, [256], 256, { stride: 2 });
  stage(4, 6, [512], 512, { stride: 2 });
  const b5 = outputStride >= 16 ? 2 : 1;
  const b6 = outputStride >= 32 ? 2 : 1;
  stage(5, 3, [512], 1024, { stride: b5, dilations: [1, dilated(2)], tap: 'conv4' });
  stage(6, 1, [512, 1024], 2048, { stride: b6, dilations: [1, dilated(4)], tap: 'conv5', drop: 0.3 });
  stage(7, 1, [1024, 2048], 4096, { dilations: [1, dilated(4)], drop: 0.5 });
  return blocks;
}
