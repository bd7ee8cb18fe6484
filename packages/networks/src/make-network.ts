import { engine, relu, relu6, type Tensor2D, type Tensor4D, tidy, type Variable } from '@tensorflow/tfjs-core';
import { matchShape, random, ValueError } from '@wsss/core';
import { type Conv2dOptions, channelDropout, namedLayers, parameter } from '@wsss/core/layers';
import { type Backbone, checkpoint, type ForwardOptions } from '@wsss/core/tensor';
import type { Architecture, Layers, Step } from './architecture';

/** A {@link Backbone} that knows what it is made of. */
export interface Network extends Backbone {
  readonly architecture: Architecture;
  /**
   * The official classifier's scores before the sigmoid: normalised images `[n, h, w, 3]` → `[n, C]`.
   *
   * @throws {ValueError} if the network was made without `{ classes }`.
   */
  logits(images: Tensor4D, options?: Omit<ForwardOptions, 'taps' | 'from'>): Tensor2D;
}

/** Makes a network of its data: parameters, and an architecture. The network owns the parameters from here on. */
export function makeNetwork(architecture: Architecture, parameters: Map<string, Variable>): Network {
  const { name, taps, classifierTap, classifierWeights, activation, preprocess, steps, head } = architecture;

  const forward = (images: Tensor4D, { taps: wanted = [classifierTap], from, ...options }: ForwardOptions = {}) => {
    const start = from === undefined ? 0 : steps.findIndex(({ tap }) => tap === from) + 1;
    if (from !== undefined && start === 0) {
      throw new ValueError(`${name}.forward`, 'from', `to be among ${Object.keys(taps).join(', ')}`, from);
    }
    check(`${name}.forward`, images, from === undefined ? 3 : taps[from]!.channels);
    const ahead = steps.slice(start);
    const later = new Set(ahead.map(({ tap }) => tap));
    for (const tap of wanted) {
      if (!later.has(tap)) {
        const names = Object.keys(taps).filter((each) => later.has(each));
        throw new ValueError(`${name}.forward`, 'taps', `to be among ${names.join(', ')}`, tap);
      }
    }
    return tidy(() => run(ready(ahead, options), images, wanted));
  };

  const logits = (images: Tensor4D, options: Omit<ForwardOptions, 'taps' | 'from'> = {}) => {
    check(`${name}.logits`, images, 3);
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
      const { [classifierTap]: features } = run(ready(steps, options), images, [classifierTap]);
      return head(makeLayers(architecture, parameters, options), features!);
    });
  };

  const check = (where: string, images: Tensor4D, channels: number) => {
    matchShape(where, 'images', images.shape, ['n', 'h', 'w', channels]);
    if (parameters.size === 0) throw new ValueError(where, 'network', 'not to be disposed', 'a disposed network');
  };

  const ready = (some: readonly Step[], options: Omit<ForwardOptions, 'taps' | 'from'>): ReadyStep[] => {
    const layers = makeLayers(architecture, parameters, options);
    const again = makeLayers(architecture, parameters, options, true);
    return some.map(({ tap, run: compute }) => ({
      tap,
      run: architecture.checkpoint ? computedTwice(compute, layers, again) : (x) => compute(layers, x),
    }));
  };

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

/** A step with its layers. */
interface ReadyStep {
  readonly tap: string | undefined;
  run(x: Tensor4D): Tensor4D;
}

/** Where a gradient may be asked for, a step is computed once more when it is: without telling or moving anything. */
function computedTwice(compute: Step['run'], layers: Layers, again: Layers): ReadyStep['run'] {
  return (x) => {
    if (!engine().isTapeOn()) return compute(layers, x);
    let first = true;
    return checkpoint((input: Tensor4D) => {
      const output = compute(first ? layers : again, input);
      first = false;
      return output;
    })(x);
  };
}

/** Runs the steps up to the last tap that is wanted; what a step has used up goes at once. */
function run(steps: readonly ReadyStep[], images: Tensor4D, wanted: readonly string[]) {
  const found: Record<string, Tensor4D> = {};
  const missing = new Set(wanted);
  let x = images;
  let kept = true; // x is the caller's, or a tap to return
  for (const step of steps) {
    if (missing.size === 0) break;
    const before = x;
    x = tidy(() => step.run(before));
    // A step may have nothing to do, as dropout in inference.
    if (x !== before) {
      if (!kept) before.dispose();
      kept = false;
    }
    if (step.tap !== undefined && missing.delete(step.tap)) {
      found[step.tap] = x;
      kept = true;
    }
  }
  return found;
}

/** @param again Whether they run a second time: nobody is told, and running statistics stay. */
function makeLayers(
  architecture: Architecture,
  parameters: ReadonlyMap<string, Variable>,
  { training = false, seed, onLayer }: Omit<ForwardOptions, 'taps' | 'from'>,
  again = false,
): Layers {
  const { epsilon } = architecture;
  const layers = namedLayers(parameters, onLayer && !again ? { onLayer } : {});
  const normalise = (name: string, x: Tensor4D): Tensor4D => {
    const trained = training && architecture.batchNorm === 'batch' && parameter(parameters, `${name}.weight`).trainable;
    return layers.batchNorm(name, x, { trained, epsilon, update: !again });
  };
  return {
    linear: layers.linear,
    told: layers.told,
    parameter: (name) => parameter(parameters, name),
    conv2d(name, x, { activation, ...options } = {}) {
      // torch's modules end before the activation, and so does what is told; unheard, both are one kernel.
      if (onLayer) return activated(layers.conv2d(name, x, options), activation);
      return layers.conv2d(name, x, { ...options, activation });
    },
    convNorm([conv, norm], x, { activation, ...options } = {}) {
      const folded = !parameters.has(`${norm}.running_var`);
      if (folded) return layers.conv2d(conv, x, { ...options, activation });
      return activated(normalise(norm, layers.conv2d(conv, x, options)), activation);
    },
    norm(name, x, activation) {
      const folded = !parameters.has(`${name}.running_var`);
      if (folded) return layers.conv2d(name, x, { groups: x.shape[3], activation });
      return activated(normalise(name, x), activation);
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

const activated = (x: Tensor4D, activation: Conv2dOptions['activation']): Tensor4D =>
  activation === 'relu6' ? relu6(x) : activation === 'relu' ? relu(x) : x;
