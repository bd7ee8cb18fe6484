import { hostTensor } from '@wsss/core';
import type { EngineName } from './choose-engine';
import { crfFromLabels } from './crf-from-labels';
import { checkThreads } from './lattice';
import { crfModule } from './wasm-module';

/**
 * Does what the first run in a process would have to wait for: compiles the module, starts the worker threads, and lets
 * the engine optimise the code on a small image. Without it all that happens on the way, and threads join in later.
 *
 * @param threads Threads to start at most. @default all processors
 * @returns What will compute, and on how many threads.
 */
export async function warmUp({ threads }: { readonly threads?: number } = {}): Promise<{
  engine: EngineName;
  threads: number;
}> {
  const ready = await crfModule()?.ready(checkThreads(threads));
  const [height, width] = [64, 96];
  const bytes = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 7919) % 251);
  const image = hostTensor(bytes, [height, width, 3]);
  for (const classes of [2, 3, 21]) {
    const labels = hostTensor(
      Uint8Array.from({ length: height * width }, (_, i) => i % classes),
      [height, width],
    );
    await crfFromLabels(image, labels, { classes, threads: 1 });
  }
  return { engine: ready === undefined ? 'plain' : 'wasm', threads: ready ?? 1 };
}
