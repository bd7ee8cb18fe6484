import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Backbone } from '@wsss/core/tensor';

/** Gives every filter values that keep the size of activations, by a cheap formula of name and index; equal networks get equal values. */
export function fill({ parameters }: Pick<Backbone, 'parameters'>): void {
  for (const [name, variable] of parameters) {
    if (variable.rank === 1) continue;
    const bound = Math.sqrt((6 * variable.shape.at(-1)!) / variable.size);
    let state = name.length * 7919 + 1;
    const values = new Float32Array(variable.size);
    for (let i = 0; i < values.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      values[i] = (state / 2 ** 31) * bound;
    }
    tidy(() => variable.assign(tensor(values, variable.shape, 'float32')));
  }
}
