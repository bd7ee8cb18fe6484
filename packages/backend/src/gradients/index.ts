import type { GradConfig } from '@tensorflow/tfjs-core';
import { activations } from './activations';
import { arithmetic } from './arithmetic';
import { batchNormGradient } from './batch-norm';
import { conv2dGradient } from './conv2d';
import { depthwiseConv2dGradient } from './depthwise-conv2d';
import { elementwise } from './elementwise';
import { gatherGradient } from './gather';
import { matMulGradient } from './mat-mul';
import { poolGradient } from './pool';
import { reductions } from './reductions';
import { resizeGradient } from './resize';
import { select } from './select';
import { shapes } from './shapes';
import { softmax } from './softmax';
import { withoutGradient } from './without-gradient';

/** Every gradient of this package. */
export const gradients: readonly GradConfig[] = [
  ...activations,
  ...arithmetic,
  ...batchNormGradient,
  ...conv2dGradient,
  ...depthwiseConv2dGradient,
  ...elementwise,
  ...gatherGradient,
  ...matMulGradient,
  ...poolGradient,
  ...reductions,
  ...resizeGradient,
  ...select,
  ...shapes,
  ...softmax,
  ...withoutGradient,
];
