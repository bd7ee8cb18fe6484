import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import '@wsss/backend/gradients';
import { conv2d, dispose, grads, randomNormal, setBackend, type Tensor4D } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { resnet50 } from './resnet50';
import { median, writeResults } from './results';
import { trainingStep } from './training-step';

// TensorFlow and WebAssembly against torch on as many threads, in turns, each waiting while another computes:
// NODE_PATH=PROJECT/node_modules PYTHON=python3 node --import tsx --conditions=@wsss/source src/backend/tensorflow.ts
// [rounds] [threads], where `npx @wsss/backend install tensorflow` was run in PROJECT.
const rounds = Number(process.argv[2] ?? 9);
const threads = Number(process.argv[3] ?? 2);
const setting = { size: 128, batch: 2, classes: 20 };
const BACKENDS = ['tensorflow', 'wasm'] as const;

process.env.TF_NUM_INTRAOP_THREADS = `${threads}`;
const started = { wasm: await useBackend('wasm', { threads }), tensorflow: await useBackend('tensorflow') };

/** Forward, and the gradients of image and filter. */
function convolution(dilation: number): () => void {
  const [x, filter, dy] = [[1, 128, 128, 64] as const, [3, 3, 64, 64] as const, [1, 128, 128, 64] as const].map(
    (shape) => randomNormal([...shape]),
  ) as [Tensor4D, Tensor4D, Tensor4D];
  const gradients = grads((image, weights) =>
    conv2d(image as Tensor4D, weights as Tensor4D, 1, 'same', 'NHWC', dilation),
  );
  return () => dispose(gradients([x, filter], dy));
}

const make: Record<string, () => () => unknown> = {
  'conv 1': () => convolution(1),
  'conv 2': () => convolution(2),
  resnet50: () => trainingStep(resnet50(setting.classes), setting),
};

const script = fileURLToPath(new URL('../../peers/tensorflow_cases.py', import.meta.url));
const child: ChildProcessWithoutNullStreams = spawn(
  process.env.PYTHON ?? '/usr/bin/python3',
  [script, `${threads}`, `${setting.size}`, `${setting.batch}`, `${setting.classes}`],
  { env: { ...process.env, OMP_NUM_THREADS: `${threads}`, NODE_PATH: '' } },
);
child.stderr.pipe(process.stderr);
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const answer = async (): Promise<string> => {
  const { value, done } = await lines.next();
  if (done) throw new Error(`${script} ended: PYTHON must name one with torch and torchvision`);
  return value;
};
const torch = await answer();

const results = [];
for (const [name, prepare] of Object.entries(make)) {
  const runs = new Map<string, () => unknown>();
  for (const backend of BACKENDS) {
    await setBackend(backend);
    runs.set(backend, prepare());
  }
  const seconds: Record<string, number[]> = { tensorflow: [], wasm: [], torch: [] };
  const ours = (backend: (typeof BACKENDS)[number]) => async (): Promise<number> => {
    await setBackend(backend);
    const start = performance.now();
    await runs.get(backend)!();
    return (performance.now() - start) / 1000;
  };
  const sides = {
    tensorflow: ours('tensorflow'),
    wasm: ours('wasm'),
    torch: async () => {
      child.stdin.write(`${name}\n`);
      return Number(await answer());
    },
  };
  // Two rounds to warm up.
  for (let round = -2; round < rounds; round++) {
    for (const [side, run] of Object.entries(sides)) {
      // Threads of the side before still wait in a loop for a while; and none pays for what it left in the cache.
      await setTimeout(50);
      await run();
      const time = await run();
      if (round >= 0) seconds[side]!.push(time);
    }
  }
  const ratio = (a: string, b: string) => median(seconds[a]!.map((value, i) => value / seconds[b]![i]!));
  const result = {
    name,
    seconds,
    toTorch: ratio('tensorflow', 'torch'),
    toWasm: ratio('tensorflow', 'wasm'),
    leastToTorch: Math.min(...seconds.tensorflow!) / Math.min(...seconds.torch!),
  };
  results.push(result);
  const times = Object.entries(seconds).map(([side, values]) => `${side} ${(median(values) * 1000).toFixed(1)} ms`);
  console.log(
    `${name.padEnd(10)} ${times.join('  ')}  tensorflow/torch ${result.toTorch.toFixed(2)} ` +
      `(of the least ${result.leastToTorch.toFixed(2)})  wasm/tensorflow ${(1 / result.toWasm).toFixed(2)}`,
  );
}
child.stdin.end();
writeResults('backend-tensorflow', { rounds, threads, setting, started, torch }, results);
process.exit(0);
