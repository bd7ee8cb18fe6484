import {
  mean,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor4d,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import {
  type Classifier,
  type HostTensor,
  hostTensor,
  matchShape,
  normalizeImage,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { namedLayers, type ParameterBuilder, parameterBuilder } from '@wsss/core/layers';
import { type Backbone, classifierOf, type ForwardOptions, stopGradient } from '@wsss/core/tensor';
import type { ImageView } from './image-view';
import { chooseSides } from './sides';
import { hierarchicalFeatures } from './tensor/hierarchical-features';

export interface SipeNetOptions {
  /** The number of foreground classes. */
  readonly classes: number;
  /**
   * Which taps get a side branch of how many channels, shallow to deep; the last gives the size.
   * @default `RESNET_SIDES` or `MOBILENET_SIDES`, whichever the network has the taps of
   */
  readonly sides?: Readonly<Record<string, number>>;
  /** The tap whose cells are compared in training. @default the classifier's */
  readonly structure?: string;
  /** Of the first values of the new layers. @default 0 */
  readonly seed?: number;
}

/** What a forward pass gives. */
export interface SipeForward {
  /** Class maps before their ReLU, `[n, h, w, C]`. */
  readonly maps: Tensor4D;
  /** Scores of the image before the sigmoid: the mean of its maps, `[n, C]`. */
  readonly logits: Tensor2D;
  /** What is compared in training, `[n, h, w, F]`. */
  readonly structure: Tensor4D;
  /** The side branches side by side, `[n, h, w, ΣF]`. */
  readonly hierarchical: Tensor4D;
  /** The taps that were asked for besides. */
  readonly taps: Readonly<Record<string, Tensor4D>>;
}

/** Which features are explored in inference: the side branches', or taps of the backbone. */
export interface SipeViewOptions {
  /** @default 'hierarchical', as in the released inference */
  readonly structure?: 'hierarchical' | readonly string[];
  /** @default 'hierarchical' */
  readonly prototype?: 'hierarchical' | readonly string[];
}

/**
 * SIPE's network on any backbone: a linear classifier without bias on the backbone's classifier tap, and a 1×1 side
 * branch on each of several taps. The branches see their taps detached: no gradient of theirs reaches the backbone.
 *
 * On `resnet50({ classes })` of `@wsss/networks` it is the released network, with its official names: `classifier.weight`,
 * `side1.weight` … `side4.weight`, the backbone's own beside them. What the released code freezes (the stem, layer1,
 * layer2) is frozen there by default.
 *
 * @throws {ValueError} if a tap or an option is unknown, or the backbone's own head has other classes.
 *
 * Source: Chen et al., SIPE (CVPR 2022), the released `resnet50_SIPE`.
 */
export class SipeNet {
  readonly classes: number;
  readonly sides: readonly (readonly [tap: string, channels: number])[];
  /** Only lent: keep it undisposed as long as this is in use. */
  readonly backbone: Backbone;
  /** The new layers' parameters: classifier and side branches. */
  readonly newParameters: ReadonlyMap<string, Variable>;
  /** All of them, the backbone's first. */
  readonly parameters: ReadonlyMap<string, Variable>;
  readonly #structure: string;
  readonly #own: ParameterBuilder;
  readonly #head: string;

  constructor(backbone: Backbone, { classes, sides, structure = backbone.classifierTap, seed = 0 }: SipeNetOptions) {
    const where = 'SipeNet';
    if (!(Number.isSafeInteger(classes) && classes >= 1 && classes <= 254)) {
      throw new ValueError(where, 'classes', 'to be a whole number in 1..254', classes);
    }
    if (!backbone.taps[structure]) {
      const hint = `The network has ${Object.keys(backbone.taps).join(', ')}.`;
      throw new ValueError(where, 'structure', 'to be a tap of the network', structure, hint);
    }
    this.backbone = backbone;
    this.classes = classes;
    this.sides = chooseSides(where, backbone, sides);
    this.#structure = structure;
    this.#own = parameterBuilder({ seed });
    const theirs = ownHead(backbone);
    this.#head = theirs ? backbone.classifierWeights!.replace(/\.weight$/, '') : 'classifier';
    if (theirs && theirs.shape.at(-1) !== classes) {
      throw new ValueError(where, 'classes', `to be those of the backbone's head, ${theirs.shape.at(-1)}`, classes);
    }
    if (!theirs) {
      const F = backbone.taps[backbone.classifierTap]!.channels;
      this.#own.conv2d('classifier', { in: F, out: classes, kernel: 1 });
    }
    for (const [i, [tap, out]] of this.sides.entries()) {
      this.#own.conv2d(`side${i + 1}`, { in: backbone.taps[tap]!.channels, out, kernel: 1 });
    }
    const head = `${this.#head}.weight`;
    this.newParameters = new Map([...(theirs ? [[head, theirs] as const] : []), ...this.#own.parameters]);
    this.parameters = new Map([...backbone.parameters, ...this.#own.parameters]);
  }

  /**
   * Normalised images to maps and features.
   *
   * @param images `[n, h, w, 3]`.
   * @param options As for the backbone; `taps` names those to return besides. `onLayer` is also told of the classifier
   *   and the side branches, and of `hierarchical`.
   */
  forward(images: Tensor4D, options: ForwardOptions = {}): SipeForward {
    const { taps = [], onLayer, ...rest } = options;
    return tidy(() => {
      const layer = namedLayers(this.parameters, onLayer ? { onLayer } : {});
      const { classifierTap } = this.backbone;
      const needed = [...this.sides.map(([tap]) => tap), classifierTap, this.#structure, ...taps];
      const found = this.backbone.forward(images, { ...rest, taps: [...new Set(needed)], ...(onLayer && { onLayer }) });
      const maps = layer.conv2d(this.#head, found[classifierTap]!);
      const sides = this.sides.map(([tap], i) => layer.conv2d(`side${i + 1}`, stopGradient(found[tap]!)));
      return {
        maps,
        logits: mean(maps, [1, 2]) as Tensor2D,
        structure: found[this.#structure]!,
        hierarchical: layer.told('hierarchical', hierarchicalFeatures(sides) as Tensor4D),
        taps: Object.fromEntries(taps.map((tap) => [tap, found[tap]!])),
      };
    });
  }

  /**
   * What it sees in a photo, for `multiScaleIsCam(net.view, …)`: class maps, and the features to explore. H.
   *
   * @param image RGB bytes 0..255, `[h, w, 3]`.
   * @throws {ShapeError} if the image is no photo.
   * @throws {ValueError} if a tap is unknown, or the image holds anything but bytes.
   */
  readonly view = async (image: TensorLike, options: SipeViewOptions = {}): Promise<ImageView<HostTensor>> => {
    const where = 'SipeNet.view';
    const { structure = 'hierarchical', prototype = 'hierarchical' } = options;
    const { h, w } = matchShape(where, 'image', image?.shape, ['h', 'w', 3]);
    if (h * w === 0) throw new ShapeError(where, 'image', 'to have pixels', image.shape);
    const taps = [structure, prototype].flatMap((asked) => (asked === 'hierarchical' ? [] : asked));
    const { values } = await normalizeImage(image, this.backbone.preprocess);
    const found = tidy(() => {
      const forward = this.forward(tensor4d(values, [1, h, w, 3]), { taps: [...new Set(taps)] });
      const size = forward.maps.shape.slice(1, 3) as [number, number];
      const chosen = (asked: 'hierarchical' | readonly string[]) =>
        asked === 'hierarchical'
          ? forward.hierarchical
          : hierarchicalFeatures(
              asked.map((tap) => forward.taps[tap]!),
              { size },
            );
      const single = (x: Tensor) => reshape(x, x.shape.slice(1));
      return {
        maps: single(forward.maps),
        structure: single(chosen(structure) as Tensor),
        // Read once where both are the same.
        ...(prototype !== structure && { prototype: single(chosen(prototype) as Tensor) }),
      };
    });
    const maps = await hostOf(found.maps);
    const compared = await hostOf(found.structure);
    return { maps, structure: compared, prototype: found.prototype ? await hostOf(found.prototype) : compared };
  };

  /** Its classifier, for class activation maps: `multiScaleCam(net.classifier, …)` of `@wsss/cam`. */
  get classifier(): Classifier {
    const { taps, classifierTap, preprocess, activation } = this.backbone;
    const forward: Backbone['forward'] = (images, options) => this.backbone.forward(images, options);
    return classifierOf({
      taps,
      classifierTap,
      preprocess,
      forward,
      classifierWeights: `${this.#head}.weight`,
      parameters: this.parameters,
      ...(activation && { activation }),
      dispose: () => {},
    });
  }

  /** Frees the new layers; the backbone stays. */
  dispose(): void {
    this.#own.dispose();
  }
}

/** The backbone's own head, where it is linear without a bias: the maps are all there is to it. */
function ownHead({ classifierWeights, parameters }: Backbone): Variable | undefined {
  if (!classifierWeights?.endsWith('.weight')) return undefined;
  if (parameters.has(classifierWeights.replace(/weight$/, 'bias'))) return undefined;
  const head = parameters.get(classifierWeights);
  return head?.rank === 4 ? head : undefined;
}

async function hostOf(tensor: Tensor): Promise<HostTensor> {
  try {
    return hostTensor((await tensor.data()) as Float32Array, tensor.shape);
  } finally {
    tensor.dispose();
  }
}
