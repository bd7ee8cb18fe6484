import type { GradConfig } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';
import { gradient } from './define';

/** TensorFlow.js holds every gradient in 32-bit floats, which a gradient of complex numbers does not fit in. */
export const complex: GradConfig[] = [
  gradient('ComplexAbs', {}, () => ({
    x: () => {
      throw new ValueError('abs', 'x', 'to be real where it is trained', 'complex numbers', 'Train on real and imag.');
    },
  })),
];
