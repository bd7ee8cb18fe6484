import { registerGradient } from '@tensorflow/tfjs-core';
import { gradients } from './gradients/index';
import { installKernels } from './kernels/install';

// Imported for effect: registering again what is registered already changes nothing.
for (const config of gradients) registerGradient(config);
installKernels();
