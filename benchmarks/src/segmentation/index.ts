import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@wsss/backend';
import { hostTensor, random } from '@wsss/core';
import { freeze, mobilenetV2 } from '@wsss/networks';
import { compactSegmentation } from '@wsss/segmentation';
import { trainSegmentation } from '@wsss/segmentation/train';
import { median, writeResults } from '../backend/results';

// A training step of the compact network on MobileNetV2 (features.14 to 17 and the head train) against torch on one thread,
// in turns: node --import tsx --conditions=@wsss/source src/segmentation/index.ts [rounds]
const rounds = Number(process.argv[2] ?? 9);
const setting = { size: 321, batch: 8, classes: 7 };
const warmUp = 2;

const backend = await useBackend('wasm', { threads: 1 });
const whole = mobilenetV2({ outputStride: 16 });
const backbone = freeze(whole, { trainable: (name) => /^features\.1[4-7]\./.test(name) });
const network = compactSegmentation(backbone, { classes: setting.classes });

const script = fileURLToPath(new URL('../../peers/segmentation_step.py', import.meta.url));
const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...rest } = process.env;
const env = { ...rest, DNNL_MAX_CPU_ISA: 'AVX2', OPENBLAS_CORETYPE: 'Haswell', OMP_NUM_THREADS: '1' };
const sizes = [setting.size, setting.batch, setting.classes].map(String);
const torch = spawn(process.env.PYTHON ?? '/usr/bin/python3', [script, ...sizes], { env });
torch.stderr.pipe(process.stderr);
const lines = createInterface({ input: torch.stdout })[Symbol.asyncIterator]();
await lines.next();

// One photo of noise at the size of the crop: what is measured is the step, and the example made for it.
const stream = random(7);
const { size } = setting;
const image = hostTensor(
  Uint8Array.from({ length: size * size * 3 }, () => stream.integer(0, 255)),
  [size, size, 3],
);
const labels = hostTensor(
  Uint8Array.from({ length: size * size }, () => stream.integer(0, setting.classes - 1)),
  [size, size],
);
const ours: number[] = [];
const theirs: number[] = [];
for (let round = -warmUp; round < rounds; round++) {
  const start = performance.now();
  await trainSegmentation(network, {
    items: Array.from({ length: setting.batch }, (_, i) => i),
    load: () => ({ image, labels }),
    batchSize: setting.batch,
    steps: 1,
    frozenUpTo: 'features.13',
    augmentation: { crop: size, flip: 0.5 },
  });
  const seconds = (performance.now() - start) / 1000;
  torch.stdin.write('\n');
  const peer = Number(((await lines.next()).value as string).split(' ')[0]);
  if (round < 0) continue;
  ours.push(seconds);
  theirs.push(peer);
}
torch.stdin.end();
await once(torch, 'exit');
const ratio = median(ours.map((seconds, i) => seconds / theirs[i]!));
console.log(
  `wasm ${median(ours).toFixed(3)} s (least ${Math.min(...ours).toFixed(3)})  torch ${median(theirs).toFixed(3)} s ` +
    `(least ${Math.min(...theirs).toFixed(3)})  ratio: median ${ratio.toFixed(2)}`,
);
writeResults('segmentation-training-step', { backend, setting, rounds }, { ours, theirs, ratio });
process.exit(0);
