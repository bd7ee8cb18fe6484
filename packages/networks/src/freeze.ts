import { add, mul, rsqrt, sub, type Tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { parameter } from '@wsss/core/layers';
import { makeNetwork, type Network } from './make-network';

/**
 * A copy of a network for inference: every batch norm that follows a convolution is folded into it,
 * w' = w · γ / √(σ² + ε), b' = β − μ · γ / √(σ² + ε), and runs with the activation as one kernel. Nothing trains.
 *
 * The results agree up to rounding. `onLayer` tells of a folded pair once, under the convolution's name, with the
 * activation applied. Batch norms that follow no convolution (ResNet-38d has them at the start of its blocks) stay.
 *
 * @param network Stays as it is; dispose it when it is no longer needed.
 */
export function freeze(network: Network): Network {
  const { parameters, architecture } = network;
  const folded = new Map<string, Variable>();
  const gone = new Set<string>();
  for (const [conv, norm] of architecture.normed) {
    if (!parameters.has(`${norm}.weight`)) continue;
    const own = (name: string) => parameter(parameters, `${norm}.${name}`);
    const made = tidy(() => {
      const scale = mul(own('weight'), rsqrt(add(own('running_var'), architecture.epsilon)));
      const back = mul(own('running_mean'), scale);
      return {
        weight: mul(parameter(parameters, `${conv}.weight`), scale),
        bias: sub(own('bias'), back),
      };
    });
    // Filters are [kh, kw, I, O]: the scale of output channel o meets dimension 3.
    folded.set(`${conv}.weight`, fixed(made.weight));
    folded.set(`${conv}.bias`, fixed(made.bias));
    for (const name of ['weight', 'bias', 'running_mean', 'running_var']) gone.add(`${norm}.${name}`);
  }
  const all = new Map<string, Variable>();
  for (const [name, each] of parameters) {
    if (gone.has(name)) continue;
    const bias = name.replace(/weight$/, 'bias');
    all.set(name, folded.get(name) ?? tidy(() => variable(each.clone(), false)));
    if (name.endsWith('.weight') && folded.has(bias)) all.set(bias, folded.get(bias)!);
  }
  return makeNetwork(architecture, all);
}

function fixed(values: Tensor): Variable {
  const made = variable(values, false);
  values.dispose();
  return made;
}
