// Reading 100 MB of float32 weights whole, against torch.load: time (interleaved rounds) and peak memory.
//
//   node --import tsx --conditions=@wsss/source benchmarks/src/formats/torch-load.ts [MEGABYTES] [ROUNDS]
//
// PYTHON names a Python with torch (default python3). The last line is JSON.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type HostTensor, hostTensor, random } from '@wsss/core';
import { readStateDict, saveBytes, writeSafetensors, writeStateDict } from '@wsss/formats';

/** Reads all values; returns milliseconds. */
async function readWhole(path: string): Promise<number> {
  const start = performance.now();
  const values = [];
  for (const tensor of (await readStateDict(path)).values()) values.push(await tensor.data());
  const milliseconds = performance.now() - start;
  if (values.length === 0) throw new Error('nothing was read');
  return milliseconds;
}

/** In MiB. On Linux of this program alone: `maxRSS` counts the process that started it too. */
function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}

if (process.argv[2] === 'peak') {
  // a process of its own: what reading adds to the peak
  await readWhole(process.argv[4]!);
  const before = peakMemory();
  await readWhole(process.argv[3]!);
  process.send!(peakMemory() - before);
  process.exit();
}

const megabytes = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 9);
const folder = mkdtempSync(join(tmpdir(), 'torch-load-'));

/** Convolutions, biases and statistics as a ResNet has them. */
function weights(bytes: number): Map<string, HostTensor> {
  const seeded = random(1);
  const tensors = new Map<string, HostTensor>();
  const add = (name: string, shape: number[]) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; i++) values[i] = seeded.uniform(-1, 1);
    tensors.set(name, hostTensor(values, shape));
    return values.byteLength;
  };
  for (let layer = 0, left = bytes; left > 0; layer++) {
    const channels = [64, 128, 256, 512][layer % 4]!;
    left -= add(`layer${layer}.conv.weight`, [channels, channels, 3, 3]);
    for (const name of ['weight', 'bias', 'running_mean', 'running_var'])
      left -= add(`layer${layer}.bn.${name}`, [channels]);
  }
  return tensors;
}

const tensors = weights(megabytes * 1e6);
const paths = { '.pth': join(folder, 'weights.pth'), '.safetensors': join(folder, 'weights.safetensors') };
const small = join(folder, 'small.pth');
await saveBytes(paths['.pth'], await writeStateDict(tensors));
await saveBytes(paths['.safetensors'], await writeSafetensors(tensors));
await saveBytes(small, await writeStateDict(new Map([...tensors].slice(0, 1))));

const script = `
import sys, time, torch
for line in sys.stdin:
    start = time.perf_counter()
    state = torch.load(line.strip())
    print((time.perf_counter() - start) * 1000, torch.__version__, flush=True)
    del state`;
const python = spawn(process.env.PYTHON ?? 'python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
const replies = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
let torchVersion = '';
async function torchLoad(): Promise<number> {
  python.stdin.write(`${paths['.pth']}\n`);
  const [time, version] = ((await replies.next()).value as string).split(' ');
  torchVersion = version!;
  return Number(time);
}

const contenders: Record<string, () => Promise<number>> = {
  'torch.load .pth': torchLoad,
  'readStateDict .pth': () => readWhole(paths['.pth']),
  'readStateDict .safetensors': () => readWhole(paths['.safetensors']),
};
const times: Record<string, number[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = -1; round < rounds; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    const time = await run();
    if (round >= 0) times[name]!.push(time); // the first one only warms up
  }
}
python.stdin.end();

function peak(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['peak', path, small], {
      execArgv: ['--import', 'tsx', '--conditions=@wsss/source'],
    });
    child.on('message', (value) => resolve(value as number));
    child.on('error', reject);
  });
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const base = median(times['torch.load .pth']!);
const rows = Object.entries(times).map(([name, values]) => ({
  name,
  'median ms': Number(median(values).toFixed(1)),
  'least ms': Number(Math.min(...values).toFixed(1)),
  'to torch.load': Number((median(values) / base).toFixed(2)),
}));
console.table(rows);
const peaks: Record<string, number> = {};
for (const [name, path] of Object.entries(paths)) {
  const size = statSync(path).size / 2 ** 20;
  peaks[name] = Number(((await peak(path)) / size).toFixed(2));
  console.log(`${name}: peak memory ${peaks[name]} times the size of the file (${size.toFixed(0)} MiB)`);
}
rmSync(folder, { recursive: true });
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  arch: arch(),
  node: process.version,
  torch: torchVersion,
};
console.log(JSON.stringify({ machine, megabytes, tensors: tensors.size, rounds, rows, peaks }));
