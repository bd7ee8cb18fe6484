import { concat, relu, type Tensor4D } from '@tensorflow/tfjs-core';
import type { ParameterBuilder } from '@wsss/core/layers';
import type { HeadLayers } from './segmentation-network';
import { spread } from './spread';

/** What follows the convolutions of a head: batch norm, or a bias where norms were folded into them. */
export type HeadNorm = 'batch' | 'none';

/** A convolution, its norm, ReLU. */
export interface NormedConv {
  readonly conv: string;
  readonly norm: string;
  readonly in: number;
  readonly out: number;
  readonly kernel: 1 | 3;
  readonly dilation?: number;
}

export function declareNormed(builder: ParameterBuilder, norm: HeadNorm, layer: NormedConv): void {
  builder.conv2d(layer.conv, { in: layer.in, out: layer.out, kernel: layer.kernel, bias: norm === 'none' });
  if (norm === 'batch') builder.batchNorm(layer.norm, layer.out);
}

export function runNormed(layers: HeadLayers, norm: HeadNorm, layer: NormedConv, x: Tensor4D): Tensor4D {
  const { dilation = 1 } = layer;
  const padding = layer.kernel === 3 ? dilation : 0;
  if (norm === 'none') return layers.conv2d(layer.conv, x, { padding, dilation, activation: 'relu' });
  return relu(layers.batchNorm(layer.norm, layers.conv2d(layer.conv, x, { padding, dilation })));
}

/** A spatial pyramid of dilated convolutions, with torchvision's names below `name`. */
export interface Aspp {
  readonly name: string;
  readonly in: number;
  readonly width: number;
  /** Dilations of the 3×3 convolutions. */
  readonly rates: readonly number[];
  readonly norm: HeadNorm;
  /** Probability that a channel of the result is dropped in training. */
  readonly dropout: number;
}

function asppLayers({ name, in: input, width, rates }: Aspp) {
  const pooling = `${name}.convs.${rates.length + 1}`;
  const shared = { in: input, out: width };
  return {
    point: { conv: `${name}.convs.0.0`, norm: `${name}.convs.0.1`, kernel: 1, ...shared },
    dilated: rates.map((dilation, i): NormedConv => {
      return { conv: `${name}.convs.${i + 1}.0`, norm: `${name}.convs.${i + 1}.1`, kernel: 3, dilation, ...shared };
    }),
    image: { conv: `${pooling}.1`, norm: `${pooling}.2`, kernel: 1, ...shared },
    project: {
      conv: `${name}.project.0`,
      norm: `${name}.project.1`,
      in: (rates.length + 2) * width,
      out: width,
      kernel: 1,
    },
  } as const;
}

export function declareAspp(builder: ParameterBuilder, aspp: Aspp): void {
  const { point, dilated, image, project } = asppLayers(aspp);
  for (const layer of [point, ...dilated, image, project]) declareNormed(builder, aspp.norm, layer);
}

export function runAspp(layers: HeadLayers, aspp: Aspp, x: Tensor4D): Tensor4D {
  const { point, dilated, image, project } = asppLayers(aspp);
  const run = (layer: NormedConv, input: Tensor4D) => runNormed(layers, aspp.norm, layer, input);
  const branches = [run(point, x), ...dilated.map((layer) => run(layer, x)), spread(x, (pooled) => run(image, pooled))];
  return layers.dropout(`${aspp.name}.project.3`, run(project, concat(branches, 3)), aspp.dropout);
}
