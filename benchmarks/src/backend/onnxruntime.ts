import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { conv2d, type Tensor, type Tensor4D, tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { readNpy, readStateDict } from '@wsss/formats';
import { freeze, loadWeights, resnet50 } from '@wsss/networks';
import { InferencePeer } from './inference-peer';
import { median, writeResults } from './results';

// Inference on one thread against onnxruntime-web (WebAssembly, SIMD) and torch (held to AVX2), with the same weights,
// in turns: npm install --prefix FOLDER onnxruntime-web; then node --import tsx --conditions=@wsss/source
// src/backend/onnxruntime.ts FOLDER [rounds]
const [folder, given = '9'] = process.argv.slice(2);
if (!folder) throw new Error('usage: onnxruntime.ts FOLDER [rounds], with onnxruntime-web in FOLDER/node_modules');
const rounds = Number(given);

interface Session {
  run(feeds: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}
interface Runtime {
  readonly env: { wasm: { numThreads: number }; versions: { web: string } };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
}

const require = createRequire(join(resolve(folder), 'package.json'));
const runtime = (await import(pathToFileURL(require.resolve('onnxruntime-web')).href)) as Runtime & {
  default?: Runtime;
};
const { env, InferenceSession, Tensor: OrtTensor } = runtime.default ?? runtime;
env.wasm.numThreads = 1;

const backend = await useBackend('wasm', { threads: 1 });
const files = mkdtempSync(join(tmpdir(), 'wsss-inference-'));
const at = (name: string) => join(files, name);
const torch = await InferencePeer.start(files);

/** A model under one name on all sides. `run` gives its output, channels first. */
interface Contender {
  run(): Promise<Float32Array>;
}

/** Reads an array of the peer's. */
async function array(name: string): Promise<{ values: Float32Array; shape: readonly number[] }> {
  const { values, shape } = await readNpy(readFileSync(at(name)));
  return { values: values as Float32Array, shape };
}

/** Values with axes in another order, on the device. */
const moved = ({ values, shape }: Awaited<ReturnType<typeof array>>, order: number[]) =>
  tidy((): Tensor => transpose(tensor(values, [...shape]), order)) as Tensor4D;

async function theirs(name: string): Promise<Contender> {
  const session = await InferenceSession.create(readFileSync(at(`${name}.onnx`)), { graphOptimizationLevel: 'all' });
  const { values, shape } = await array(`${name}.x.npy`);
  const x = new OrtTensor('float32', values, shape);
  return { run: async () => (await session.run({ x })).y!.data };
}

/** Computes, and reads the result as the other runtime does. */
async function read(compute: () => Tensor): Promise<Float32Array> {
  const y = compute();
  const values = (await y.data()) as Float32Array;
  y.dispose();
  return values;
}

const ours: Record<string, () => Promise<Contender>> = {
  async conv() {
    const x = moved(await array('conv.x.npy'), [0, 2, 3, 1]);
    const weight = (await readStateDict(at('conv.pth'))).get('weight')!;
    const values = (await weight.data()) as Float32Array;
    const filter = moved({ values, shape: weight.shape }, [2, 3, 1, 0]);
    return { run: () => read(() => conv2d(x, filter, 1, 'same')) };
  },
  async resnet50() {
    const network = resnet50({ outputStride: 32, head: 'fc', classes: 1000, initialise: false });
    await loadWeights(network, await readStateDict(at('resnet50.pth')), { names: 'torchvision' });
    const folded = freeze(network);
    const x = moved(await array('resnet50.x.npy'), [0, 2, 3, 1]);
    return { run: () => read(() => folded.logits(x)) };
  },
};

/** Largest difference, relative to the largest value; ours may be channels last. */
async function difference(name: string, got: Float32Array, channelsLast: boolean): Promise<number> {
  const { values, shape } = await array(`${name}.y.npy`);
  const wanted = channelsLast ? await read(() => moved({ values, shape }, [0, 2, 3, 1])) : values;
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!) / largest), 0);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

const BARS: Record<string, { ofOnnxruntime: number; ofTorch: number }> = {
  conv: { ofOnnxruntime: 1.5, ofTorch: 1.5 },
  resnet50: { ofOnnxruntime: 1.3, ofTorch: 2 },
};

const results = [];
let failed = false;
console.log(
  `Node ${process.version}, ${backend.device}, onnxruntime-web ${env.versions.web}, ${rounds} rounds in turns`,
);
for (const [name, make] of Object.entries(ours)) {
  const [mine, other] = [await make(), await theirs(name)];
  const off = [
    await difference(name, await mine.run(), name === 'conv'),
    await difference(name, await other.run(), false),
  ];
  const seconds = { ours: [] as number[], onnxruntime: [] as number[], torch: [] as number[] };
  // Two rounds to warm up.
  for (let round = -2; round < rounds; round++) {
    const [a, b, c] = [await timed(() => mine.run()), await timed(() => other.run()), await torch.run(name)];
    if (round < 0) continue;
    seconds.ours.push(a);
    seconds.onnxruntime.push(b);
    seconds.torch.push(c);
  }
  const ratio = (of: number[], by: number[]) => median(of.map((value, i) => value / by[i]!));
  const asFast = ratio(seconds.onnxruntime, seconds.ours);
  const ofTorch = ratio(seconds.ours, seconds.torch);
  const bars = BARS[name]!;
  const ok = off.every((value) => value < 1e-4) && asFast >= bars.ofOnnxruntime && ofTorch <= bars.ofTorch;
  failed ||= !ok;
  results.push({ name, seconds, asFastAsOnnxruntime: asFast, timesTorch: ofTorch, differences: off, bars, ok });
  const ms = (values: number[]) => `${(1000 * median(values)).toFixed(1)} ms`;
  console.log(
    `${name.padEnd(9)} ours ${ms(seconds.ours)}, onnxruntime-web ${ms(seconds.onnxruntime)}, torch ${ms(seconds.torch)}: ` +
      `${asFast.toFixed(2)} times as fast as onnxruntime-web (at least ${bars.ofOnnxruntime}), ` +
      `${ofTorch.toFixed(2)} times torch's time (at most ${bars.ofTorch}); ` +
      `off by ${off.map((value) => value.toExponential(1)).join(' and ')} ${ok ? 'ok' : 'FAIL'}`,
  );
}
await torch.stop();
rmSync(files, { recursive: true });
writeResults(
  `backend-onnxruntime-node${process.versions.node.split('.')[0]}`,
  { backend, onnxruntime: env.versions.web, rounds },
  results,
);
process.exit(failed ? 1 : 0);
