import { engine } from '@tensorflow/tfjs-core';
import { ELSEWHERE, elsewhere } from './elsewhere';
import { installOn, onStart } from './install-on';
import { overlays } from './overlays';

/**
 * Installs our kernels on the backends that run, and on those that start later.
 *
 * @param started Called whenever a backend starts or is chosen again.
 */
export function installKernels(started: () => void): void {
  onStart(started);
  const names = new Set([...Object.keys(overlays), ...ELSEWHERE, ...engine().backendNames()]);
  for (const backendName of names) installOn(backendName, overlays[backendName] ?? elsewhere);
}
