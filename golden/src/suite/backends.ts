import { engine } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';

/** Runs a check of tensor functions on each backend that needs nothing but Node. Its tensors are disposed afterwards. */
export async function onEachBackend(check: (backend: string) => Promise<void>): Promise<void> {
  for (const name of ['wasm', 'cpu'] as const) {
    await useBackend(name);
    engine().startScope();
    try {
      await check(name);
    } finally {
      engine().endScope();
    }
  }
}
