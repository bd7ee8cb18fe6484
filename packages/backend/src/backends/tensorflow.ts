import { backend, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { loadTfjsNode } from '../tensorflow/load-tfjs-node';
import { builtinModule, nodeProcess } from '../tensorflow/node-modules';
import { INSTALL_TENSORFLOW, type TensorflowBackend } from '../tensorflow/tfjs-node';
import type { BackendDefinition } from './backend-definition';

/** TensorFlow's own library, in Node: the fastest on processors, and NVIDIA's GPUs with `tfjs-node-gpu`. */
export const tensorflow: BackendDefinition = {
  name: 'tensorflow',
  async start() {
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

/** As TensorFlow counts them. */
function threads(): number {
  const wanted = Number(nodeProcess()?.env?.TF_NUM_INTRAOP_THREADS);
  return wanted > 0 ? wanted : builtinModule<{ availableParallelism(): number }>('node:os')!.availableParallelism();
}
