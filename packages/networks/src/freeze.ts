import { add, mul, reshape, rsqrt, sub, type Tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { parameter } from '@wsss/core/layers';
import { makeNetwork, type Network } from './make-network';

/**
 * A copy of a network for inference: every batch norm that follows a convolution is folded into it,
 * w' = w · γ / √(σ² + ε), b' = β − μ · γ / √(σ² + ε), and runs with the activation as one kernel. Any other batch norm
 * (ResNet-38d has them at the start of its blocks) becomes one multiplication and addition per value. Nothing trains,
 * unless `trainable` says so: then without norms, as a convolution with bias.
 *
 * The results agree up to rounding. `onLayer` tells of a convolution and its norm once, under the convolution's name,
 * with the activation applied.
 *
 * @param network Stays as it is; dispose it when it is no longer needed.
 * @param options.trainable Whether the parameter of this name trains in the copy. @default none does
 *
 * @example
 * const backbone = freeze(mobilenetV2(), { trainable: (name) => /^features\.1[4-7]/.test(name) });
 */
export function freeze(
  network: Network,
  { trainable = () => false }: { trainable?: (name: string) => boolean } = {},
): Network {
  const { parameters, architecture } = network;
  const folded = new Map<string, Variable>();
  const left = new Set(normsOf(parameters));
  for (const [conv, norm] of architecture.normed) {
    if (!left.delete(norm)) continue;
    const [scale, shift] = affine(network, norm);
    // Filters are [kh, kw, I, O]: the scale of output channel o meets dimension 3.
    const filter = tidy(() => mul(parameter(parameters, `${conv}.weight`), scale));
    folded.set(`${conv}.weight`, made(filter, trainable(`${conv}.weight`)));
    folded.set(`${conv}.bias`, made(shift, trainable(`${conv}.bias`)));
    scale.dispose();
  }
  for (const norm of left) {
    const [scale, shift] = affine(network, norm);
    // As a depthwise 1×1 filter, which takes bias and activation in the same pass.
    folded.set(`${norm}.weight`, made(reshape(scale, [1, 1, 1, scale.size]), trainable(`${norm}.weight`)));
    folded.set(`${norm}.bias`, made(shift, trainable(`${norm}.bias`)));
    scale.dispose();
  }

  const gone = new Set(normsOf(parameters).flatMap((norm) => NORM_PARTS.map((part) => `${norm}.${part}`)));
  const all = new Map<string, Variable>();
  for (const [name, each] of parameters) {
    const bias = name.replace(/weight$/, 'bias');
    if (folded.has(name)) all.set(name, folded.get(name)!);
    else if (!gone.has(name))
      all.set(
        name,
        tidy(() => variable(each.clone(), trainable(name))),
      );
    if (name.endsWith('.weight') && folded.has(bias)) all.set(bias, folded.get(bias)!);
  }
  return makeNetwork(architecture, all);
}

const NORM_PARTS = ['weight', 'bias', 'running_mean', 'running_var'];

const normsOf = (parameters: ReadonlyMap<string, Variable>): string[] =>
  [...parameters.keys()].filter((name) => name.endsWith('.running_var')).map((name) => name.slice(0, -12));

/** What a batch norm comes to on its running statistics: x · scale + shift. */
function affine({ parameters, architecture }: Network, norm: string): [scale: Tensor, shift: Tensor] {
  const own = (part: string) => parameter(parameters, `${norm}.${part}`);
  return tidy(() => {
    const scale = mul(own('weight'), rsqrt(add(own('running_var'), architecture.epsilon)));
    return [scale, sub(own('bias'), mul(own('running_mean'), scale))];
  });
}

function made(values: Tensor, trainable: boolean): Variable {
  const result = variable(values, trainable);
  values.dispose();
  return result;
}
