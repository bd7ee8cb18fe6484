import { useBackend } from '@wsss/backend';
import { trainForMasks, type Weights } from './masks';
import { type Computed, compute } from './run-suite';

/** What the suite computes on WebAssembly in Node, which `npm test` holds to loops in float64. */
export async function computeReference(): Promise<{ weights: Weights; reference: Computed }> {
  await useBackend('wasm');
  const weights = await trainForMasks();
  return { weights, reference: await compute(weights) };
}
