import { dispose, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { profile, useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { freeze, mobilenetV2, type Network, resnet50 } from '@wsss/networks';
import { inputImages, trainingStepOf } from './network-step';

// Which kernels take the time of an inference and of a training step: node --import tsx --conditions=@wsss/source
// src/backend/profile.ts [resnet50|mobilenetV2] [inference|training] [rows]
const [only, pass, mostRows = '15'] = process.argv.slice(2);
await useBackend('wasm', { threads: 1 });

/** Runs that go before the one that is shown: the engine compiles what runs often. */
const WARM_UP = 3;

async function show(title: string, run: () => unknown): Promise<void> {
  for (let i = 0; i < WARM_UP; i++) await run();
  console.log(`\n── ${title}\n`);
  await profile(run, { mostRows: Number(mostRows) });
}

async function inference(name: string, network: Network, size: number): Promise<void> {
  const folded = freeze(network);
  const images = inputImages(1, size);
  await show(`${name}, batch norm folded, ${size} px, batch 1: inference`, () =>
    tidy(() => void folded.forward(images as Tensor4D)),
  );
  dispose([images]);
  folded.dispose();
}

const networks = {
  resnet50: () => resnet50({ frozen: 0, dilated: true, classes: 20 }),
  mobilenetV2: () => mobilenetV2({ outputStride: 16, classes: 20 }),
};
for (const [name, make] of Object.entries(networks)) {
  if (only && only !== name) continue;
  const network = make();
  if (pass !== 'training') await inference(name, network, 512);
  if (pass !== 'inference') {
    const step = trainingStepOf(network, { size: 128, batch: 2, classes: 20 });
    await show(`${name}, output stride 16, 128 px, batch 2: training step`, step);
  }
  network.dispose();
}
process.exit(0);
