import {
  add,
  concat,
  div,
  elu,
  mean,
  pad,
  reshape,
  sqrt,
  square,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor4d,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, matchShape, normalizeImage, type TensorLike, ValueError } from '@wsss/core';
import { kaimingNormal, type NamedLayers, namedLayers, parameterBuilder, xavierUniform } from '@wsss/core/layers';
import { type Backbone, type ForwardOptions, resizeBilinear } from '@wsss/core/tensor';
import { type AffinityHead, type AffinityHeadName, type AffinitySide, chooseHead } from './affinity-heads';
import { type PairAffinitiesOptions, pairAffinities } from './pair-affinities';

export interface AffinityNetOptions {
  /** Named after the backbone, or of your own. */
  readonly head: AffinityHeadName | AffinityHead;
  /** Channels of the sides; one more is that of the output. @default the head's */
  readonly widths?: readonly number[];
  /** Groups of the sides' group norms (`vgg16` only). @default the head's */
  readonly groups?: readonly number[];
  /** Of the first values. @default 0 */
  readonly seed?: number;
  /** `false` leaves them zero, where weights are loaded anyway. @default true */
  readonly initialise?: boolean;
}

type Passed = Omit<ForwardOptions, 'taps'>;

/** A network that predicts how alike neighbouring cells are. */
export interface AffinityNet {
  readonly backbone: Backbone;
  readonly head: AffinityHead;
  /** All parameters, the backbone's and the head's, under the official names; `loadWeights` and `stateDict` take it. */
  readonly parameters: ReadonlyMap<string, Variable>;
  /** The layers that the official training learns from scratch, for `psaParameterGroups`. */
  readonly newLayers: readonly string[];
  /**
   * Normalised images `[n, h, w, 3]` → what the head takes of them, by tap: the backbone's taps, at a stride of at least
   * the head's, and equalised if the head wants that. T.
   */
  taps(images: Tensor4D, options?: Passed): Record<string, Tensor4D>;
  /** Those, whole or cut out → features of `size` cells `[n, h', w', F]`. T. */
  fuse(
    taps: Readonly<Record<string, Tensor4D>>,
    size: readonly [number, number],
    options?: Pick<ForwardOptions, 'onLayer'>,
  ): Tensor4D;
  /** Normalised images `[n, h, w, 3]` → features of cells `[n, ⌈h / 8⌉, ⌈w / 8⌉, F]`. T. */
  forward(images: Tensor4D, options?: Passed): Tensor4D;
  /** Normalised images `[n, h, w, 3]` → affinities `[n, P, M]`. T. */
  affinities(images: Tensor4D, options?: Passed & PairAffinitiesOptions): Tensor3D;
  /**
   * A photo, RGB 0..255 `[h, w, 3]`, → affinities `[P, M]` of its ⌈h / 8⌉ × ⌈w / 8⌉ cells: normalised, then padded at the
   * right and bottom with zeros to whole cells, as the official inference does. H.
   */
  predict(image: TensorLike, options?: PairAffinitiesOptions): Promise<HostTensor>;
  /** Frees the head. The backbone is yours. */
  dispose(): void;
}

/**
 * Puts AffinityNet's head on a backbone: 1×1 convolutions of several taps (with group norm for VGG16), ELU, and one more
 * on all of them together, ELU.
 *
 * The official forms: `resnet38d()` with head `'resnet38d'`, and `vgg16({ fc6Dilation: 4 })` with head `'vgg16'`. Ours for
 * `mobilenetV2({ outputStride: 16 })`: four taps, each divided by its root mean square and resized to stride 8.
 *
 * @param backbone Only lent: keep it undisposed as long as the network is in use.
 * @throws {ValueError} if the backbone lacks a tap of the head, or widths or groups do not fit.
 *
 * @example
 * const network = AffinityNet(resnet38d({ initialise: false }), { head: 'resnet38d' });
 * await loadWeights(network, await readStateDict('resnet38_aff.pth'));
 * const affinity = await network.predict(photo);
 *
 * Source: Ahn & Kwak, CVPR 2018, "Learning AffinityNet"; the released code for names, widths and first values.
 */
export function AffinityNet(
  backbone: Backbone,
  { head: chosen, widths, groups, seed = 0, initialise = true }: AffinityNetOptions,
): AffinityNet {
  const head = chooseHead(chosen, widths, groups);
  const builder = parameterBuilder({ seed, initialise });
  for (const { tap, layer, width, norm } of head.sides) {
    const { channels } = tapOf(backbone, tap);
    builder.conv2d(layer, { in: channels, out: width, kernel: 1, initialiser: kaimingNormal() });
    if (norm) builder.groupNorm(norm.layer, width);
  }
  const together = head.sides.reduce((sum, { width }) => sum + width, 0);
  const { layer, width } = head.output;
  builder.conv2d(layer, { in: together, out: width, kernel: 1, initialiser: xavierUniform({ gain: 4 }) });

  const size = (images: Tensor4D): [number, number] => {
    const { h, w } = matchShape('AffinityNet', 'images', images.shape, ['n', 'h', 'w', 3]);
    return [Math.ceil(h / head.stride), Math.ceil(w / head.stride)];
  };
  const taps = (images: Tensor4D, options: Passed = {}) => {
    const cells = size(images);
    return tidy(() => {
      const found = backbone.forward(images, { ...options, taps: [...new Set(head.sides.map(({ tap }) => tap))] });
      return Object.fromEntries(
        Object.entries(found).map(([name, tapped]) => [name, prepared(tapped, cells, head.equalise ?? false)]),
      );
    });
  };
  const fuse: AffinityNet['fuse'] = (given, cells, { onLayer } = {}) =>
    tidy(() => {
      const layers = namedLayers(builder.parameters, onLayer ? { onLayer } : {});
      const sides = head.sides.map((side) => runSide(layers, side, given[side.tap]!, [...cells]));
      return elu(layers.conv2d(layer, concat(sides, 3)));
    });
  const forward = (images: Tensor4D, options: Passed = {}): Tensor4D =>
    tidy(() => fuse(taps(images, options), size(images), options));
  const affinities = (images: Tensor4D, { radius, border, ...passed }: Passed & PairAffinitiesOptions = {}) =>
    tidy(() => pairAffinities(forward(images, passed), { radius, border }) as Tensor3D);

  return {
    backbone,
    head,
    parameters: new Map([...backbone.parameters, ...builder.parameters]),
    newLayers: [...head.sides.map((side) => side.layer), layer],
    taps,
    fuse,
    forward,
    affinities,
    async predict(image, options) {
      const normal = await normalizeImage(image, backbone.preprocess);
      const affinity = tidy(() => {
        const batch = affinities(padToCells(normal, head.stride), options);
        return reshape(batch, batch.shape.slice(1) as [number, number]);
      });
      try {
        return hostTensor((await affinity.data()) as Float32Array, affinity.shape);
      } finally {
        affinity.dispose();
      }
    },
    dispose: () => builder.dispose(),
  };
}

/** A tap at the head's stride or a larger one. */
function prepared(tapped: Tensor4D, [h, w]: readonly [number, number], equalise: boolean): Tensor4D {
  // Shrinking before the convolution and growing after it costs least; halving is a mean of 2 × 2.
  const larger = tapped.shape[1] > h || tapped.shape[2] > w;
  const x = larger ? (resizeBilinear(tapped, [h, w]) as Tensor4D) : tapped;
  return equalise ? div(x, add(sqrt(mean(square(x), [1, 2, 3], true)), 1e-6)) : x;
}

function runSide(
  layers: NamedLayers,
  { layer, norm }: AffinitySide,
  tapped: Tensor4D,
  size: [number, number],
): Tensor4D {
  let x = layers.conv2d(layer, tapped);
  if (norm) x = layers.groupNorm(norm.layer, x, { groups: norm.groups });
  x = elu(x);
  return x.shape[1] < size[0] || x.shape[2] < size[1] ? (resizeBilinear(x, size) as Tensor4D) : x;
}

function tapOf(backbone: Backbone, tap: string) {
  const found = backbone.taps[tap];
  if (found) return found;
  const hint = `The backbone has ${Object.keys(backbone.taps).join(', ')}.`;
  throw new ValueError('AffinityNet', 'head', 'to stand on taps of the backbone', tap, hint);
}

function padToCells({ values, shape }: HostTensor, stride: number): Tensor4D {
  const [h, w] = shape as [number, number, number];
  const missing = (side: number) => (stride - (side % stride)) % stride;
  const image: Tensor = tensor4d(values, [1, h, w, 3]);
  return pad(image, [
    [0, 0],
    [0, missing(h)],
    [0, missing(w)],
    [0, 0],
  ]) as Tensor4D;
}
