import { backend, engine, env, setBackend } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { probeWebGL } from '../webgl/probe-webgl';
import type { BackendDefinition } from './backend-definition';
import { missingPackage } from './missing-package';
import { type StartedBackend, startedBackend } from './started';

const NAME = '@tensorflow/tfjs-backend-webgl';

/** The GPU of browsers without WebGPU. */
export const webgl: BackendDefinition = {
  name: 'webgl',
  async start(_options, automatic) {
    const info = (engine().registry.webgl && startedBackend('webgl')) ?? (await describe());
    if (automatic) checkSuited(info);
    if (!(await setBackend('webgl'))) throw new BackendError('webgl', 'it did not start');
    // By itself it says 16 where it computes with 32, and takes a larger epsilon then.
    Object.assign(backend(), { floatPrecisionValue: info.trainable ? 32 : 16 });
    return info;
  },
};

/** @throws {BackendError} if WebAssembly is the better choice. */
function checkSuited({ device, software, trainable }: StartedBackend): void {
  if (software) throw new BackendError('webgl', `there is no GPU but ${device}, which is slower than WebAssembly`);
  if (!trainable) throw new BackendError('webgl', `${device} is too coarse to train`);
}

async function describe(): Promise<StartedBackend> {
  const found = probeWebGL();
  if (!found) {
    throw new BackendError(
      'webgl',
      'there is no WebGL 2 here',
      "Browsers have it; in Node: await useBackend('webgpu')",
    );
  }
  const { renderer, software } = found;
  const { version_webgl: version } = await load();
  // Asked for by name, a GPU in software will do; TensorFlow.js refuses it unless it is told.
  if (software) env().set('SOFTWARE_WEBGL_ENABLED', true);
  const half = !env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
  return {
    name: 'webgl',
    threads: 1,
    device: `WebGL 2 on ${renderer}${software ? ', in software' : ''}${half ? ', in half precision' : ''}`,
    trainable: !half,
    software,
    packageVersion: { name: NAME, version },
  };
}

async function load(): Promise<typeof import('@tensorflow/tfjs-backend-webgl')> {
  try {
    return await import('@tensorflow/tfjs-backend-webgl');
  } catch (error) {
    throw missingPackage('webgl', NAME, error);
  }
}
