import {
  add,
  concat,
  mul,
  pad,
  relu,
  reshape,
  reverse,
  sigmoid,
  slice,
  sub,
  type Tensor3D,
  type Tensor4D,
  tensor4d,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, matchShape, normalizeImage, type TensorLike, ValueError } from '@wsss/core';
import { type NamedLayers, namedLayers, parameter, parameterBuilder } from '@wsss/core/layers';
import { type Backbone, type ForwardOptions, resizeBilinear, stopGradient } from '@wsss/core/tensor';

/** Boundaries and displacements of the cells of stride 4. */
export interface IrnOutputs {
  /** Logits of a class boundary, `[n, h, w, 1]`. */
  readonly edge: Tensor4D;
  /** (dy, dx) to the centre of the object, `[n, h, w, 2]`; in inference less its mean over the training photos. */
  readonly displacement: Tensor4D;
}

/** A network that predicts class boundaries and, for instances, where each pixel's object has its centre. */
export interface IrnNet {
  readonly backbone: Backbone;
  /** All parameters, the backbone's and the heads'. */
  readonly parameters: ReadonlyMap<string, Variable>;
  /** Those of the boundary branch, and of the displacement branch, which learns ten times as fast. */
  readonly branches: Readonly<Record<'edge' | 'displacement', ReadonlyMap<string, Variable>>>;
  /** Normalised images `[n, h, w, 3]` → boundaries and displacements. The backbone gets no gradient. T. */
  forward(images: Tensor4D, options?: Omit<ForwardOptions, 'taps'>): IrnOutputs;
  /**
   * Boundaries of a photo, RGB 0..255 `[h, w, 3]`, in [0, 1], `[⌈h / 4⌉, ⌈w / 4⌉]`: what `irnWalk` takes. The photo and
   * its mirror image, padded with zeros to `side` pixels (or, if it is larger, to whole cells), their logits averaged. H.
   */
  boundaries(image: TensorLike, options?: { readonly side?: number }): Promise<HostTensor>;
  /** Frees the heads. The backbone is yours. */
  dispose(): void;
}

export interface IrnNetOptions {
  /** Five taps, from stride 4 on. @default maxpool, layer1 … layer4, those of `resnet50()` */
  readonly taps?: readonly string[];
  /** Of the first values. @default 0 */
  readonly seed?: number;
  /** @default true */
  readonly initialise?: boolean;
}

const RESNET_TAPS = ['maxpool', 'layer1', 'layer2', 'layer3', 'layer4'];
const EDGE_WIDTH = 32;
const DISPLACEMENT_WIDTHS = [64, 128, 256, 256, 256];
/** The parameter that holds the mean displacement over the training photos. */
export const MEAN_DISPLACEMENT = 'fc_dp7.4.running_mean';

/**
 * Puts the two branches of IRN on a backbone, five taps each: 1×1 convolutions with group norm and ReLU, resized to the
 * cells of the second tap (stride 4 in ResNet-50) and put together. Parameters have the official names, `fc_edge1.0` …
 * `fc_dp7.3`.
 *
 * @param backbone Only lent, and never trained. Officially `resnet50({ frozen: true })` with its weights.
 * @throws {ValueError} if the backbone lacks a tap, or there are not five.
 *
 * Source: Ahn, Cho & Kwak, CVPR 2019 (network architecture); widths and groups of the released code.
 */
export function IrnNet(
  backbone: Backbone,
  { taps = RESNET_TAPS, seed = 0, initialise = true }: IrnNetOptions = {},
): IrnNet {
  if (taps.length !== 5) throw new ValueError('IrnNet', 'taps', 'to be five', taps);
  const builder = parameterBuilder({ seed, initialise });
  const normed = (name: string, input: number, out: number) => {
    builder.conv2d(`${name}.0`, { in: input, out, kernel: 1 });
    builder.groupNorm(`${name}.1`, out);
  };
  const channels = taps.map((tap) => channelsOf(backbone, tap));
  for (const [i, input] of channels.entries()) normed(`fc_edge${i + 1}`, input, EDGE_WIDTH);
  builder.conv2d('fc_edge6', { in: 5 * EDGE_WIDTH, out: 1, kernel: 1, bias: true });
  for (const [i, input] of channels.entries()) normed(`fc_dp${i + 1}`, input, DISPLACEMENT_WIDTHS[i]!);
  normed('fc_dp6', 768, 256);
  normed('fc_dp7', 448, 256);
  builder.conv2d('fc_dp7.3', { in: 256, out: 2, kernel: 1 });
  builder.add(MEAN_DISPLACEMENT, [2], { trainable: false });

  const forward: IrnNet['forward'] = (images, options = {}) =>
    tidy(() => {
      matchShape('IrnNet.forward', 'images', images.shape, ['n', 'h', 'w', 3]);
      const found = backbone.forward(images, { ...options, training: false, taps });
      const inputs = taps.map((tap) => stopGradient(found[tap]!) as Tensor4D);
      const layers = namedLayers(builder.parameters, options.onLayer ? { onLayer: options.onLayer } : {});
      const displacement = displacements(layers, inputs);
      const mean = reshape(parameter(builder.parameters, MEAN_DISPLACEMENT), [1, 1, 1, 2]);
      return {
        edge: edges(layers, inputs),
        displacement: options.training ? displacement : sub<Tensor4D>(displacement, mean),
      };
    });

  const branch = (prefix: string) => new Map([...builder.parameters].filter(([name]) => name.startsWith(prefix)));
  return {
    backbone,
    parameters: new Map([...backbone.parameters, ...builder.parameters]),
    branches: { edge: branch('fc_edge'), displacement: branch('fc_dp') },
    forward,
    async boundaries(image, { side = 512 } = {}) {
      if (!(Number.isSafeInteger(side) && side >= 1)) {
        throw new ValueError('IrnNet.boundaries', 'side', 'to be a whole number ≥ 1', side);
      }
      const normal = await normalizeImage(image, backbone.preprocess);
      const edge = tidy(() => boundaryMap(forward, normal, side));
      try {
        return hostTensor((await edge.data()) as Float32Array, edge.shape.slice(0, 2));
      } finally {
        edge.dispose();
      }
    },
    dispose: () => builder.dispose(),
  };
}

/** A branch's 1×1 convolution, group norm, ReLU, on the grid of another. */
function side(layers: NamedLayers, name: string, x: Tensor4D, groups: number, like?: Tensor4D): Tensor4D {
  const y = layers.groupNorm(`${name}.1`, layers.conv2d(`${name}.0`, x), { groups });
  return relu(like ? enlarged(y, like) : y);
}

/** Enlarged by a whole factor, as by torch's Upsample, and cut to the grid of another. */
function enlarged(x: Tensor4D, like: Tensor4D): Tensor4D {
  const [n, h, w, C] = x.shape;
  const [, rows, columns] = like.shape;
  const factor = Math.max(Math.ceil(rows / h), Math.ceil(columns / w));
  if (factor === 1) return x;
  return slice(resizeBilinear(x, [factor * h, factor * w]) as Tensor4D, [0, 0, 0, 0], [n, rows, columns, C]);
}

function edges(layers: NamedLayers, x: readonly Tensor4D[]): Tensor4D {
  const sides = x.map((tap, i) => side(layers, `fc_edge${i + 1}`, tap, 4, x[1]!));
  return layers.conv2d('fc_edge6', concat(sides, 3));
}

function displacements(layers: NamedLayers, x: readonly Tensor4D[]): Tensor4D {
  const [fine, finer] = [side(layers, 'fc_dp1', x[0]!, 8), side(layers, 'fc_dp2', x[1]!, 16)];
  const coarse = [2, 3, 4].map((i) => side(layers, `fc_dp${i + 1}`, x[i]!, 16, x[2]!));
  const up = side(layers, 'fc_dp6', concat(coarse, 3), 16, x[1]!);
  const all = side(layers, 'fc_dp7', concat([fine, finer, up], 3), 16);
  return layers.conv2d('fc_dp7.3', all);
}

function boundaryMap(forward: IrnNet['forward'], { values, shape }: HostTensor, least: number): Tensor3D {
  const [h, w] = shape as [number, number, number];
  const padded = (length: number) => Math.max(least, Math.ceil(length / 16) * 16);
  const photo: Tensor4D = pad(tensor4d(values, [1, h, w, 3]), [
    [0, 0],
    [0, padded(h) - h],
    [0, padded(w) - w],
    [0, 0],
  ]);
  const { edge } = forward(concat([photo, reverse(photo, 2)], 0) as Tensor4D);
  const [, rows, columns] = edge.shape;
  const [plain, mirrored] = [slice(edge, [0, 0, 0, 0], [1, -1, -1, 1]), slice(edge, [1, 0, 0, 0], [1, -1, -1, 1])];
  const both = sigmoid(mul(add(plain, reverse(mirrored, 2)), 0.5));
  const cells = [Math.min(rows, Math.ceil(h / 4)), Math.min(columns, Math.ceil(w / 4))] as const;
  return slice(reshape(both, [rows, columns, 1]) as Tensor3D, [0, 0, 0], [...cells, 1]);
}

function channelsOf(backbone: Backbone, tap: string): number {
  const found = backbone.taps[tap];
  if (found) return found.channels;
  const hint = `The backbone has ${Object.keys(backbone.taps).join(', ')}.`;
  throw new ValueError('IrnNet', 'taps', 'to be taps of the backbone', tap, hint);
}
