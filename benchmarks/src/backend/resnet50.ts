import { add, relu, type Tensor2D, type Tensor4D, type Variable } from '@tensorflow/tfjs-core';
import {
  batchNorm,
  conv2d,
  globalAveragePool,
  kaimingNormal,
  linear,
  maxPool2d,
  parameterBuilder,
} from '@wsss/core/layers';
import type { Trainable } from './training-step';

/** Blocks, channels in the middle, stride of the first block, dilations of the first and of the others. */
const STAGES = [
  [3, 64, 1, 1, 1],
  [4, 128, 2, 1, 1],
  [6, 256, 2, 1, 1],
  [3, 512, 1, 1, 2],
] as const;

interface Convolution {
  readonly stride?: number;
  readonly padding?: number;
  readonly dilation?: number;
}

/**
 * ResNet-50 written out, with torchvision's `replace_stride_with_dilation=[False, False, True]`: output stride 16. Its
 * batch norm is frozen, statistics and affine part alike; everything else trains.
 */
export function resnet50(classes: number): Trainable {
  const builder = parameterBuilder({ seed: 1 });
  const declared = new Set<string>();
  const variable = (name: string): Variable => builder.parameters.get(name)!;

  const norm = (name: string, x: Tensor4D): Tensor4D =>
    batchNorm(x, {
      weight: variable(`${name}.weight`),
      bias: variable(`${name}.bias`),
      runningMean: variable(`${name}.running_mean`),
      runningVar: variable(`${name}.running_var`),
    });
  const declare = (name: string, from: number, to: number, kernel: number): void => {
    if (declared.has(name)) return;
    declared.add(name);
    builder.conv2d(name, { in: from, out: to, kernel, initialiser: kaimingNormal({ fan: 'out' }) });
    builder.batchNorm(`${name}.norm`, to, { trainable: false });
  };
  const convNorm = (name: string, x: Tensor4D, to: number, kernel: number, options: Convolution = {}): Tensor4D => {
    declare(name, x.shape[3], to, kernel);
    return norm(`${name}.norm`, conv2d(x, variable(`${name}.weight`), options));
  };

  const bottleneck = (name: string, x: Tensor4D, middle: number, stride: number, dilation: number): Tensor4D => {
    const narrow = relu(convNorm(`${name}.1`, x, middle, 1));
    const spatial = relu(convNorm(`${name}.2`, narrow, middle, 3, { stride, dilation, padding: dilation }));
    const wide = convNorm(`${name}.3`, spatial, 4 * middle, 1);
    const projected = name.endsWith('.0') ? convNorm(`${name}.shortcut`, x, 4 * middle, 1, { stride }) : x;
    return relu(add<Tensor4D>(wide, projected));
  };

  const forward = (images: Tensor4D): Tensor2D => {
    const stem = relu(convNorm('stem', images, 64, 7, { stride: 2, padding: 3 }));
    let x = maxPool2d(stem, 3, { stride: 2, padding: 1 });
    STAGES.forEach(([blocks, middle, stride, firstDilation, dilation], stage) => {
      for (let block = 0; block < blocks; block++) {
        const first = block === 0;
        x = bottleneck(`layer${stage}.${block}`, x, middle, first ? stride : 1, first ? firstDilation : dilation);
      }
    });
    if (!declared.has('head')) {
      declared.add('head');
      builder.linear('head', { in: 2048, out: classes });
    }
    return linear(globalAveragePool(x), variable('head.weight'), { bias: variable('head.bias') });
  };
  return {
    forward,
    get parameters() {
      return [...builder.parameters.values()].filter((parameter) => parameter.trainable);
    },
  };
}
