import { keepGradients, registerGradients } from './gradients/register';
import { installKernels } from './kernels/install';
import { nameMissingKernels } from './name-missing-kernels';

// Imported for effect: doing again what is done already changes nothing.
registerGradients();
installKernels(keepGradients);
nameMissingKernels();
