import { conv2d, dispose, grads, randomNormal, sum, type Tensor, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';

// The page of threads: layers on one thread and on three, and again while the memory grows; sends whether they are equal
// to the bit, and which workers were started.

const names: string[] = [];
const Original = Worker;
globalThis.Worker = class extends Original {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    names.push(options?.name ?? '');
  }
};

const use = (threads?: number) => useBackend('wasm', { threads, wasmPaths: '/wasm/' });

/** A layer and its gradients. */
async function layer(x: Tensor4D, filter: Tensor4D, dilations: number): Promise<string> {
  const f = (image: Tensor4D, weights: Tensor4D) => conv2d(image, weights, 1, 'same', 'NHWC', dilations);
  const y = f(x, filter);
  const both = grads((image, weights) => sum(f(image as Tensor4D, weights as Tensor4D)))([x, filter]);
  const all: Tensor[] = [y, ...both];
  const values = await Promise.all(all.map((tensor) => tensor.data()));
  dispose(all);
  return values.map((some) => new Uint32Array(some.slice().buffer).reduce((a, b) => (a * 31 + b) >>> 0, 0)).join(' ');
}

async function run(): Promise<object> {
  const { threads } = await use(crossOriginIsolated ? 3 : undefined);
  const x = randomNormal([2, 30, 31, 64]) as Tensor4D;
  const filter = randomNormal([3, 3, 64, 72]) as Tensor4D;
  let equal = true;
  for (const dilations of [1, 2]) {
    if (crossOriginIsolated) await use(1);
    const one = await layer(x, filter, dilations);
    await use(crossOriginIsolated ? 3 : undefined);
    for (let round = 0; round < 8; round++) {
      equal &&= (await layer(x, filter, dilations)) === one;
      if (round === 4) zeros([2 ** 24]);
      // Workers start in the meantime.
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }
  return { threads, equal, workers: names.filter((name) => name === 'wsss-backend').length };
}

run()
  .then(
    (result) => JSON.stringify(result),
    (error: unknown) => JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : `${error}` }),
  )
  .then((body) => fetch('/result', { method: 'POST', body }));
