// The random walk against its dense form in torch, in turns:
// node --import tsx --conditions=@wsss/source src/affinity/index.ts [rounds]     (PYTHON: one with torch)
import { execSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { affinityPairs, PSA_WALK, randomWalk } from '@wsss/affinity';
import { type HostTensor, hostTensor, random } from '@wsss/core';

const rounds = Number(process.argv[2] ?? 9);
const script = fileURLToPath(new URL('../../peers/random_walk.py', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'random-walk-'));

interface Input {
  readonly h: number;
  readonly w: number;
  readonly K: number;
  readonly maps: HostTensor;
  readonly affinity: HostTensor;
}

/** Affinities as a trained network has them: between 0 and 1, most of them high. */
async function drawn(h: number, w: number, K: number): Promise<Input> {
  const stream = random(h * w + K);
  const { to } = await affinityPairs(h, w, PSA_WALK.radius);
  const affinity = Float32Array.from(to.values, () => Math.exp(-1.5 * stream.next()));
  const maps = Float32Array.from({ length: h * w * K }, () => stream.next());
  return { h, w, K, maps: hostTensor(maps, [h, w, K]), affinity: hostTensor(affinity, to.shape) };
}

async function timed(input: Input, options: object = {}): Promise<number> {
  const start = performance.now();
  await randomWalk(input.maps, input.affinity, { ...PSA_WALK, ...options });
  return (performance.now() - start) / 1000;
}

/** torch in a process of its own, which waits while the other side computes. */
async function startTorch({ h, w, K, maps, affinity }: Input) {
  const file = join(scratch, `${h}x${w}x${K}`);
  const { from, to } = await affinityPairs(h, w, PSA_WALK.radius);
  const pairs = to.values.length;
  const planes = Float32Array.from(
    { length: K * h * w },
    (_, i) => maps.values[(i % (h * w)) * K + Math.floor(i / (h * w))]!,
  );
  const first = Int32Array.from({ length: pairs }, (_, k) => from.values[k % from.values.length]!);
  const parts = [Int32Array.of(K, pairs), first, to.values, affinity.values, planes];
  writeFileSync(
    file,
    Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))),
  );
  const { radius, beta, steps } = PSA_WALK;
  const args = [script, file, h, w, radius, beta, steps].map(String);
  const child = spawn(process.env.PYTHON ?? '/usr/bin/python3', args);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended: is torch installed?`);
    return String(value);
  };
  const version = await line();
  return {
    version,
    async walk(write = false): Promise<number> {
      child.stdin.write(write ? 'write\n' : '\n');
      const seconds = Number(await line());
      if (write) await line();
      return seconds;
    },
    result: () => new Float32Array(new Uint8Array(readFileSync(`${file}.out`)).buffer),
    stop: () => child.stdin.end(),
  };
}

const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

// The most that was resident, over what was before; Linux forgets the peak when asked to.
await timed(await drawn(9, 12, 2));
const memory = [];
for (const [h, w, K] of [
  [47, 63, 21],
  [192, 256, 21],
] as const) {
  const input = await drawn(h, w, K);
  writeFileSync('/proc/self/clear_refs', '5');
  const before = peak();
  await timed(input);
  memory.push({ grid: `${h}×${w}`, maps: K, mebibytes: (peak() - before) / 1024 });
}
console.table(memory);

const against = [];
for (const K of [4, 21]) {
  const input = await drawn(47, 63, K);
  const torch = await startTorch(input);
  const [wasm, plain, dense]: number[][] = [[], [], []];
  for (let round = -1; round < rounds; round++) {
    const turn = [await timed(input), await timed(input, { engine: 'plain' }), await torch.walk(round < 0)];
    if (round >= 0) for (const [i, list] of [wasm!, plain!, dense!].entries()) list.push(turn[i]!);
  }
  const theirs = torch.result();
  const ours = (await randomWalk(input.maps, input.affinity, PSA_WALK)).values;
  const difference = ours.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - theirs[(i % K) * 47 * 63 + Math.floor(i / K)]!)),
    0,
  );
  torch.stop();
  const ratio = (list: number[]) => median(dense!.map((seconds, i) => seconds / list[i]!));
  against.push({
    K,
    wasm: wasm!,
    plain: plain!,
    torch: dense!,
    ratio: ratio(wasm!),
    ratioPlain: ratio(plain!),
    difference,
    version: torch.version,
  });
}
console.table(
  against.map(({ K, wasm, plain, torch, ratio, ratioPlain, difference }) => ({
    'maps, 47 × 63': K,
    'wasm ms': Number((1000 * median(wasm)).toFixed(1)),
    'plain ms': Number((1000 * median(plain)).toFixed(1)),
    'torch dense ms': Number((1000 * median(torch)).toFixed(0)),
    'torch / wasm': Number(ratio.toFixed(0)),
    'torch / plain': Number(ratioPlain.toFixed(1)),
    'largest difference': difference.toExponential(1),
  })),
);

// Linear in cells, in turns.
const grids = [
  [32, 32],
  [47, 63],
  [94, 126],
  [192, 256],
] as const;
const inputs = await Promise.all(grids.map(([h, w]) => drawn(h, w, 4)));
const seconds: number[][] = grids.map(() => []);
for (let round = -1; round < rounds; round++) {
  for (const [i, input] of inputs.entries()) {
    const spent = await timed(input);
    if (round >= 0) seconds[i]!.push(spent);
  }
}
const scaling = grids.map(([h, w], i) => ({
  grid: `${h} × ${w}`,
  cells: h * w,
  ms: 1000 * median(seconds[i]!),
  nanosecondsPerCell: (1e9 * median(seconds[i]!)) / (h * w),
}));
console.table(
  scaling.map((row) => ({ ...row, ms: row.ms.toFixed(1), nanosecondsPerCell: row.nanosecondsPerCell.toFixed(0) })),
);

rmSync(scratch, { recursive: true });
const folder = fileURLToPath(new URL('../../out/', import.meta.url));
mkdirSync(folder, { recursive: true });
const metadata = {
  date: new Date().toISOString(),
  commit: execSync('git rev-parse --short HEAD').toString().trim(),
  node: process.version,
  processor: cpus()[0]?.model,
  cores: cpus().length,
  load: loadavg(),
  walk: PSA_WALK,
  rounds,
};
const file = `${folder}affinity-random-walk.json`;
writeFileSync(file, `${JSON.stringify({ metadata, memory, against, scaling }, null, 2)}\n`);
console.log(`wrote ${file}`);
