import { engine, getKernel, type NamedAttrMap, type NamedTensorMap } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { KERNELS_HOOK } from './kernels/hook';

const NAMED = Symbol.for('@wsss/backend: missing kernels are named');

type RunKernel = (name: string, inputs: NamedTensorMap, attributes?: NamedAttrMap) => unknown;

/**
 * Makes the engine say what to do about a kernel that its backend lacks: it only says that it is not registered. Done
 * once, however often it is called.
 */
export function nameMissingKernels(): void {
  const tf = engine() as unknown as { runKernel: RunKernel; backendName: string | null; [NAMED]?: true };
  if (tf[NAMED]) return;
  const { runKernel } = tf;
  tf.runKernel = function (this: typeof tf, name, inputs, attributes) {
    // Without a name the first kernel starts a backend.
    if (this.backendName && !getKernel(name, this.backendName)) throw missingKernel(name, this.backendName);
    return runKernel.call(this, name, inputs, attributes);
  };
  tf[NAMED] = true;
}

function missingKernel(name: string, backend: string): BackendError {
  const backends = Object.keys(engine().registryFactory);
  const other = backends.find((candidate) => candidate !== backend && getKernel(name, candidate));
  const elsewhere = other
    ? `Compute it on '${other}': await useBackend('${other}'); or write it with other operations`
    : 'Write it with other operations, or compute it on another backend: @tensorflow/tfjs-backend-cpu has most kernels';
  const ours =
    "Import '@wsss/backend/gradients', which brings kernels that TensorFlow.js lacks. If it is not among them: ";
  const installed = getKernel(KERNELS_HOOK, backend) !== undefined;
  return new BackendError(backend, `it has no kernel '${name}'`, installed ? elsewhere : `${ours}${elsewhere}`);
}
