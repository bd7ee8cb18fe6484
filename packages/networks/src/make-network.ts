import { relu, relu6, type Tensor, type Tensor2D, type Tensor4D, tidy, type Variable } from '@tensorflow/tfjs-core';
import { matchShape, random, ValueError } from '@wsss/core';
import { channelDropout, namedLayers, parameter } from '@wsss/core/layers';
import type { Backbone, ForwardOptions } from '@wsss/core/tensor';
import type { Architecture, Layers, Step } from './architecture';

/** A {@link Backbone} that knows what it is made of. */
export interface Network extends Backbone {
  readonly architecture: Architecture;
  /**
   * The official classifier's scores before the sigmoid: normalised images `[n, h, w, 3]` → `[n, C]`.
   *
   * @throws {ValueError} if the network was made without `{ classes }`.
   */
  logits(images: Tensor4D, options?: Omit<ForwardOptions, 'taps'>): Tensor2D;
}

/** Makes a network of its data: parameters, and an architecture. The network owns the parameters from here on. */
export function makeNetwork(architecture: Architecture, parameters: Map<string, Variable>): Network {
  const { name, taps, classifierTap, classifierWeights, activation, preprocess, steps, head } = architecture;

  const forward = (images: Tensor4D, { taps: wanted = [classifierTap], ...options }: ForwardOptions = {}) => {
    check(`${name}.forward`, images);
    for (const tap of wanted) {
      if (!taps[tap]) {
        throw new ValueError(`${name}.forward`, 'taps', `to be among ${Object.keys(taps).join(', ')}`, tap);
      }
    }
    return tidy(() => run(steps, layersOf(options), images, wanted));
  };

  const logits = (images: Tensor4D, options: Omit<ForwardOptions, 'taps'> = {}) => {
    check(`${name}.logits`, images);
    if (!head) {
      throw new ValueError(
        `${name}.logits`,
        'classes',
        'to have been given when the network was made',
        undefined,
        `Without it ${name} has no classifier: ${name}({ classes: 20 }).`,
      );
    }
    return tidy(() => {
      const layers = layersOf(options);
      return head(layers, run(steps, layers, images, [classifierTap])[classifierTap]!);
    });
  };

  const check = (where: string, images: Tensor4D) => {
    matchShape(where, 'images', images.shape, ['n', 'h', 'w', 3]);
    if (parameters.size === 0) throw new ValueError(where, 'network', 'not to be disposed', 'a disposed network');
  };

  const layersOf = (options: Omit<ForwardOptions, 'taps'>) => makeLayers(architecture, parameters, options);

  return {
    architecture,
    taps,
    classifierTap,
    ...(classifierWeights && { classifierWeights }),
    ...(activation && { activation }),
    parameters,
    preprocess,
    forward,
    logits,
    dispose() {
      for (const each of parameters.values()) each.dispose();
      parameters.clear();
    },
  };
}

/** Runs the steps up to the last tap that is wanted; what a step has used up goes at once. */
function run(steps: readonly Step[], layers: Layers, images: Tensor4D, wanted: readonly string[]) {
  const found: Record<string, Tensor4D> = {};
  const missing = new Set(wanted);
  let x = images;
  let kept = true; // x is the caller's, or a tap to return
  for (const step of steps) {
    if (missing.size === 0) break;
    const before = x;
    const y = tidy(() => step.run(layers, before));
    if (!kept) before.dispose();
    x = y;
    kept = step.tap !== undefined && missing.delete(step.tap);
    if (kept) found[step.tap!] = x;
  }
  return found;
}

function makeLayers(
  architecture: Architecture,
  parameters: ReadonlyMap<string, Variable>,
  { training = false, seed, onLayer }: Omit<ForwardOptions, 'taps'>,
): Layers {
  const { epsilon } = architecture;
  const layers = namedLayers(parameters, onLayer ? { onLayer } : {});
  const norm = (name: string, x: Tensor4D): Tensor4D => {
    const trained = training && architecture.batchNorm === 'batch' && parameter(parameters, `${name}.weight`).trainable;
    return layers.batchNorm(name, x, { trained, epsilon });
  };
  return {
    conv2d: layers.conv2d,
    linear: layers.linear,
    told: <T extends Tensor>(name: string, output: T) => layers.told(name, output),
    norm,
    convNorm([conv, following], x, { activation, ...options } = {}) {
      const folded = !parameters.has(`${following}.weight`);
      if (folded) return layers.conv2d(conv, x, { ...options, ...(activation && { activation }) });
      const y = norm(following, layers.conv2d(conv, x, options));
      return activation === 'relu6' ? relu6(y) : activation === 'relu' ? relu(y) : y;
    },
    dropout(name, x, rate) {
      if (!training) return x;
      if (seed === undefined) {
        throw new ValueError(
          architecture.name,
          'seed',
          'to be given for training',
          seed,
          `Channels are dropped at random in '${name}': give each step its own seed, e.g. its number.`,
        );
      }
      return channelDropout(x, rate, { seed: random(seed).fork(name) });
    },
  };
}
