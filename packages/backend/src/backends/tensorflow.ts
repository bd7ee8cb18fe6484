import { backend, engine, setBackend } from '@tensorflow/tfjs-core';
import { BackendError, ValueError } from '@wsss/core';
import { loadTfjsNode } from '../tensorflow/load-tfjs-node';
import { builtinModule, nodeProcess } from '../tensorflow/node-modules';
import { INSTALL_TENSORFLOW, type TensorflowBackend } from '../tensorflow/tfjs-node';
import type { BackendDefinition } from './backend-definition';

/** TensorFlow's own library, in Node: the fastest on processors, and NVIDIA's GPUs with `tfjs-node-gpu`. */
export const tensorflow: BackendDefinition = {
  name: 'tensorflow',
  async start({ threads: wanted }) {
    if (wanted !== undefined) askForThreads(wanted);
    const { name, tfjsNode } = loadTfjsNode();
    if (!(await setBackend('tensorflow'))) {
      throw new BackendError('tensorflow', `${name} did not start`, INSTALL_TENSORFLOW);
    }
    const { binding, isUsingGpuDevice } = backend() as TensorflowBackend;
    return {
      name: 'tensorflow',
      threads: threads(),
      device: `TensorFlow ${binding.TF_Version}, ${isUsingGpuDevice ? 'GPU' : 'CPU'}`,
      trainable: true,
      packageVersion: { name, version: tfjsNode.version['tfjs-node'] },
    };
  },
};

/** TensorFlow reads their number from its environment, once. */
function askForThreads(wanted: number): void {
  if (!(Number.isSafeInteger(wanted) && wanted >= 1)) {
    throw new ValueError('useBackend', 'threads', 'to be a whole number ≥ 1', wanted);
  }
  if (engine().registry.tensorflow && wanted !== threads()) {
    throw new BackendError(
      'tensorflow',
      `it runs with ${threads()} threads already`,
      'Give their number at the first start',
    );
  }
  const env = nodeProcess()?.env;
  if (env) env.TF_NUM_INTRAOP_THREADS = `${wanted}`;
}

/** As TensorFlow counts them. */
function threads(): number {
  const wanted = Number(nodeProcess()?.env?.TF_NUM_INTRAOP_THREADS);
  return wanted > 0 ? wanted : builtinModule<{ availableParallelism(): number }>('node:os')!.availableParallelism();
}
