import type { GradConfig } from '@tensorflow/tfjs-core';
import { activations } from './activations';
import { arithmetic } from './arithmetic';
import { batchNormGradient } from './batch-norm';
import { complex } from './complex';
import { conv2dGradient } from './conv2d';
import { conv3dGradient } from './conv3d';
import { cumulative } from './cumulative';
import { elementwise } from './elementwise';
import { fusedGradient } from './fused';
import { gatherGradient } from './gather';
import { localGradient } from './local-response';
import { matMulGradient } from './mat-mul';
import { mirrorPadGradient } from './mirror-pad';
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
  ...complex,
  ...conv2dGradient,
  ...conv3dGradient,
  ...cumulative,
  ...elementwise,
  ...fusedGradient,
  ...gatherGradient,
  ...localGradient,
  ...matMulGradient,
  ...mirrorPadGradient,
  ...poolGradient,
  ...reductions,
  ...resizeGradient,
  ...select,
  ...shapes,
  ...softmax,
  ...withoutGradient,
];
