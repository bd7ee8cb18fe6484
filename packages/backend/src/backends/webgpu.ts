import { engine, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { findGpu, withNavigatorGpu } from '../webgpu/find-gpu';
import { lacksGpuDevice } from '../webgpu/lacks-gpu-device';
import { reportGpuErrors } from '../webgpu/report-gpu-errors';
import { requestDevice } from '../webgpu/request-device';
import type { BackendDefinition } from './backend-definition';
import { missingPackage } from './missing-package';
import { type StartedBackend, startedBackend } from './started';

const NAME = '@tensorflow/tfjs-backend-webgpu';

/** The GPU, in browsers and in Node. */
export const webgpu: BackendDefinition = {
  name: 'webgpu',
  async start(_options, automatic) {
    const known = engine().registry.webgpu && startedBackend('webgpu');
    const info = known ?? (await startNew(automatic));
    if (automatic && info.software) throw softwareError(info);
    if (!(await setBackend('webgpu'))) throw new BackendError('webgpu', 'it did not start');
    return info;
  },
};

const softwareError = ({ device }: StartedBackend) =>
  new BackendError('webgpu', `there is no GPU but ${device}, which is slower than WebAssembly`);

async function startNew(automatic: boolean): Promise<StartedBackend> {
  if (automatic && lacksGpuDevice()) throw new BackendError('webgpu', 'this machine has no GPU');
  const source = await findGpu();
  try {
    const { WebGPUBackend } = await load();
    const { device, info, words, software } = await requestDevice(source.gpu);
    const started: StartedBackend = {
      name: 'webgpu',
      threads: 1,
      device: `WebGPU on ${words}`,
      trainable: true,
      software,
      packageVersion: { name: NAME },
    };
    if (automatic && software) {
      device.destroy();
      throw softwareError(started);
    }
    // In browsers the package has registered a way to start it that takes any GPU, without a word.
    if (engine().registryFactory.webgpu) removeBackend('webgpu');
    registerBackend('webgpu', () => {
      const backend = withNavigatorGpu(source.gpu, () => new WebGPUBackend(device, info));
      reportGpuErrors(backend, device, !source.dawn);
      const dispose = backend.dispose.bind(backend);
      backend.dispose = () => {
        dispose();
        device.destroy();
        source.release();
      };
      return backend;
    });
    return started;
  } catch (error) {
    source.release();
    throw error;
  }
}

async function load(): Promise<typeof import('@tensorflow/tfjs-backend-webgpu')> {
  try {
    return await import('@tensorflow/tfjs-backend-webgpu');
  } catch (error) {
    throw missingPackage('webgpu', NAME, error);
  }
}
