import { backend, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import type { BackendDefinition } from './backend-definition';
import { loadPackage } from './load-package';

/** Plain JavaScript: slow, and everywhere. */
export const cpu: BackendDefinition = {
  name: 'cpu',
  async start() {
    const name = '@tensorflow/tfjs-backend-cpu';
    const { version_cpu: version } = await loadPackage('cpu', name, () => import('@tensorflow/tfjs-backend-cpu'));
    if (!(await setBackend('cpu'))) throw new BackendError('cpu', 'it did not start');
    // It would print an advertisement for tfjs-node at the first tensor.
    Object.assign(backend(), { firstUse: false });
    return { name: 'cpu', threads: 1, device: 'JavaScript', trainable: true, packageVersion: { name, version } };
  },
};
