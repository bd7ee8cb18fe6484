import { execFileSync, execSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { hostTensor } from '@wsss/core';
import { crfLattices, PSA_CRF, warmUp } from '@wsss/crf';
import { ourRun } from './our-run';
import { PydensecrfPeer, type Reply } from './pydensecrf-peer';
import { drawImage, drawScores } from './scene';

// The dense CRF against pydensecrf, in turns: node --import tsx --conditions=@wsss/source src/crf/index.ts [rounds]
// Ratios are medians over the rounds of (theirs / ours), so above 1 is faster; wall clock, and in brackets processor time,
// which other programs on the machine disturb less.
const rounds = Number(process.argv[2] ?? 9);
const cases = [
  ...[2, 3, 4, 21].map((classes) => ({ width: 500, height: 375, classes })),
  ...[2, 21].map((classes) => ({ width: 1000, height: 750, classes })),
];

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};
const ratio = (theirs: readonly number[], ours: readonly number[]) => median(theirs.map((time, i) => time / ours[i]!));

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const folder = mkdtempSync(join(tmpdir(), 'wsss-crf-'));
const { threads } = await warmUp({ threads: 2 });
const results = [];
for (const { width, height, classes } of cases) {
  const input = { width, height, classes, image: drawImage(height, width), scores: drawScores(height, width, classes) };
  writeFileSync(join(folder, 'image.bin'), input.image);
  writeFileSync(join(folder, 'scores.bin'), input.scores);
  const photo = hostTensor(input.image, [height, width, 3]);
  const lattices = await crfLattices(photo, PSA_CRF);
  const peer = new PydensecrfPeer();
  const runs = { one: [], two: [], reused: [] } as Record<'one' | 'two' | 'reused', { wall: number; cpu: number }[]>;
  const theirs: Reply[] = [];
  let difference = 0;
  // What drawing left: collecting it in the middle of a round would take a processor from the second thread.
  collectGarbage();
  for (let round = -2; round < rounds; round++) {
    const one = await ourRun(input, 1);
    const reply = await peer.run(folder, width, height, classes);
    const reused = await ourRun(input, 1, lattices);
    const two = await ourRun(input, 2);
    // Two rounds to warm up.
    if (round < 0) continue;
    theirs.push(reply);
    for (const [name, { wall, cpu }] of Object.entries({ one, two, reused })) {
      runs[name as keyof typeof runs].push({ wall, cpu });
    }
    if (round === 0) {
      const reference = new Float32Array(new Uint8Array(readFileSync(join(folder, 'q.bin'))).buffer);
      difference = one.q.values.reduce((most, q, i) => Math.max(most, Math.abs(q - reference[i]!)), 0);
    }
  }
  await peer.stop();
  lattices.dispose();

  // First calls, each side in fresh processes.
  const first: { ours: Reply; theirs: Reply }[] = [];
  for (let round = 0; round < 3; round++) {
    const fresh = new PydensecrfPeer();
    const reply = await fresh.run(folder, width, height, classes);
    await fresh.stop();
    const program = fileURLToPath(new URL('./first-call.ts', import.meta.url));
    const args = [...process.execArgv, program, folder, `${width}`, `${height}`, `${classes}`];
    const ours = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split(' ').map(Number);
    first.push({ ours: ours as unknown as Reply, theirs: reply });
  }
  const [wall, cpu] = (['wall', 'cpu'] as const).map((clock, index) => {
    const of = (name: keyof typeof runs) => runs[name].map((run) => run[clock]);
    const peers = theirs.map((reply) => reply[index]!);
    return {
      milliseconds: median(of('one')),
      pydensecrf: median(peers),
      oneShot: ratio(peers, of('one')),
      reused: ratio(peers, of('reused')),
      twoThreads: ratio(of('one'), of('two')),
      firstCall: median(first.map(({ ours, theirs }) => theirs[index]! / ours[index]!)),
    };
  });
  const peakMiB = {
    ours: median(first.map(({ ours }) => ours[2])) / 1024,
    pydensecrf: median(first.map((f) => f.theirs[2])) / 1024,
  };
  results.push({ width, height, classes, wall: wall!, cpu: cpu!, peakMiB, difference });
  const both = (name: 'oneShot' | 'reused' | 'firstCall') => `${wall![name].toFixed(2)} (${cpu![name].toFixed(2)})`;
  console.log(
    `${width}×${height}, ${classes} classes: ${cpu!.milliseconds.toFixed(0)} ms of the processor; one shot ${both('oneShot')}×, ` +
      `lattices reused ${both('reused')}×, first call ${both('firstCall')}×, two threads ${wall!.twoThreads.toFixed(2)}× one; ` +
      `memory +${peakMiB.ours.toFixed(0)} against +${peakMiB.pydensecrf.toFixed(0)} MiB; largest difference ${difference.toExponential(1)}`,
  );
}
rmSync(folder, { recursive: true });

const out = fileURLToPath(new URL('../../out/', import.meta.url));
mkdirSync(out, { recursive: true });
const metadata = {
  date: new Date().toISOString(),
  commit: execSync('git rev-parse HEAD', { encoding: 'utf8' }).trim(),
  node: process.version,
  python: PydensecrfPeer.version(),
  processor: cpus()[0]?.model,
  processors: cpus().length,
  load: loadavg(),
  threads,
  rounds,
};
writeFileSync(`${out}crf.json`, JSON.stringify({ metadata, results }, null, 2));
console.log(`wrote ${out}crf.json`);
