import { builtinModule } from '../tensorflow/node-modules';

/** Where Linux has its GPUs: of any kind, NVIDIA's without display, AMD's for computing, and Windows' in its Linux. */
const DEVICES = ['/dev/dri', '/dev/nvidiactl', '/dev/kfd', '/dev/dxg'];

/** Whether this is Node on Linux and no GPU is there. What it can say without loading a driver, which would complain. */
export function lacksGpuDevice(): boolean {
  const { platform } = (globalThis as { process?: { platform?: string } }).process ?? {};
  const fs = builtinModule<{ existsSync(path: string): boolean }>('node:fs');
  return platform === 'linux' && fs !== undefined && !DEVICES.some((path) => fs.existsSync(path));
}
