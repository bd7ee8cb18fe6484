import type { Tensor4D } from '@tensorflow/tfjs-core';
import { IMAGENET_PREPROCESS } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';

/** A backbone whose taps are stored features `[n, h, w, F]` at stride 8, whatever image comes. */
export function storedBackbone(taps: Readonly<Record<string, Tensor4D>>): Backbone {
  const entries = Object.entries(taps);
  return {
    taps: Object.fromEntries(entries.map(([name, { shape }]) => [name, { stride: 8, channels: shape[3] }])),
    classifierTap: entries.at(-1)![0],
    parameters: new Map(),
    preprocess: IMAGENET_PREPROCESS,
    forward: (_images, { taps: wanted = [] } = {}) => Object.fromEntries(wanted.map((name) => [name, taps[name]!])),
    dispose() {},
  };
}
