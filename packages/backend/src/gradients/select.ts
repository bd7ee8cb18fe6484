import { type GradConfig, where, zeros, zerosLike } from '@tensorflow/tfjs-core';
import { gradient } from './define';

/** `where`: each value's gradient goes where the value came from. */
export const select: GradConfig[] = [
  gradient('Select', { inputs: ['condition'] }, (dy, [condition]) => ({
    condition: () => zeros(condition!.shape),
    t: () => where(condition!, dy, zerosLike(dy)),
    e: () => where(condition!, zerosLike(dy), dy),
  })),
];
