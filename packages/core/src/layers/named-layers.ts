import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorInput } from '../tensor/as-tensor';
import { batchNorm, trainedBatchNorm } from './batch-norm';
import { type Conv2dOptions, conv2d } from './conv2d';
import { groupNorm } from './group-norm';
import { linear } from './linear';
import { type Parameters, parameter } from './parameter-builder';

export interface NamedLayersOptions {
  /** Called with every layer's name and output, in order of execution. The tensor is only lent. */
  readonly onLayer?: (name: string, output: Tensor) => void;
}

/** Layers that find their parameters by their official name. */
export interface NamedLayers {
  /** A convolution with `name.weight` and, where there is one, `name.bias`. */
  conv2d(name: string, x: TensorInput, options?: Omit<Conv2dOptions, 'bias'>): Tensor4D;
  linear(name: string, x: TensorInput): Tensor2D;
  /** Batch norm with `name.weight` and so on: on running statistics, or with `trained` on the batch's. */
  batchNorm(
    name: string,
    x: TensorInput,
    options?: { trained?: boolean; momentum?: number; epsilon?: number; update?: boolean },
  ): Tensor4D;
  groupNorm(name: string, x: TensorInput, options: { groups: number; epsilon?: number }): Tensor4D;
  /** Tells `onLayer` of an output that has no parameters of its own, and returns it. */
  told<T extends Tensor>(name: string, output: T): T;
}

/**
 * The layers of a network by name, so that its forward function reads like the paper's table.
 *
 * @example
 * const layer = namedLayers(network.parameters, { onLayer });
 * const x = relu(layer.batchNorm('bn1', layer.conv2d('conv1', images, { stride: 2, padding: 3 })));
 */
export function namedLayers(parameters: Parameters, { onLayer }: NamedLayersOptions = {}): NamedLayers {
  const told = <T extends Tensor>(name: string, output: T): T => {
    onLayer?.(name, output);
    return output;
  };
  return {
    told,
    conv2d: (name, x, options) => {
      const bias = parameters.get(`${name}.bias`);
      return told(name, conv2d(x, parameter(parameters, `${name}.weight`), { ...options, ...(bias && { bias }) }));
    },
    linear: (name, x) => {
      const bias = parameters.get(`${name}.bias`);
      return told(name, linear(x, parameter(parameters, `${name}.weight`), bias ? { bias } : {}));
    },
    batchNorm: (name, x, { trained = false, momentum, epsilon, update } = {}) => {
      const values = {
        weight: parameter(parameters, `${name}.weight`),
        bias: parameter(parameters, `${name}.bias`),
        runningMean: parameter(parameters, `${name}.running_mean`),
        runningVar: parameter(parameters, `${name}.running_var`),
      };
      const y = trained
        ? trainedBatchNorm(x, values, { momentum, epsilon, update })
        : batchNorm(x, values, { epsilon });
      return told(name, y);
    },
    groupNorm: (name, x, { groups, epsilon }) => {
      const weight = parameter(parameters, `${name}.weight`);
      return told(name, groupNorm(x, { groups, epsilon, weight, bias: parameter(parameters, `${name}.bias`) }));
    },
  };
}
