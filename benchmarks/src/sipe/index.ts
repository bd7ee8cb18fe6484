// SIPE's exploration with 20 classes against the released module's way in torch on two threads, in turns:
// node --import tsx --conditions=@wsss/source src/sipe/index.ts [rounds]
import { execFileSync, execSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { explorePrototypes } from '@wsss/sipe';
import { explorationScene } from './exploration-scene';
import { TorchExploration } from './torch-exploration';

const rounds = Number(process.argv[2] ?? 9);

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** Of a process of its own: the largest size of this one is that of the largest scene before. */
function ownMemory(side: number, signed: boolean): number {
  const script = fileURLToPath(new URL('memory.ts', import.meta.url));
  const args = [...process.execArgv, script, `${side}`, signed ? 'signed' : ''];
  return Number(execFileSync(process.execPath, args).toString());
}

const results = [];
for (const side of [32, 64]) {
  for (const signed of [false, true]) {
    const scene = explorationScene(side, { signed });
    const classes = Array.from({ length: scene.classes }, (_, c) => c + 1);
    const run = () => explorePrototypes(scene, { classes });
    const torch = await TorchExploration.start(scene, 2);
    const found = await run();
    const memory = { ours: ownMemory(side, signed), theirs: 0 };
    const theirsFound = await torch.result();
    const cells = side * side;
    const K = scene.classes + 1;
    const difference = found.isCam.values.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - theirsFound.isCam[(i % K) * cells + Math.floor(i / K)]!)),
      0,
    );
    const otherSeeds = found.seeds.values.filter((seed, i) => seed !== theirsFound.seeds[i]).length;
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++) {
      const start = performance.now();
      await run();
      const seconds = (performance.now() - start) / 1000;
      const [peer] = await torch.run();
      // A round to warm up.
      if (round < 0) continue;
      ours.push(seconds);
      theirs.push(peer);
    }
    memory.theirs = await torch.memory();
    await torch.stop();
    const ratio = median(ours.map((seconds, i) => theirs[i]! / seconds));
    results.push({ side, signed, ours, theirs, ratio, memory, difference, otherSeeds });
    console.log(
      `${side}×${side}, ${signed ? 'signed features' : 'features after a ReLU'}: ${median(ours).toFixed(3)} s, ` +
        `torch ${median(theirs).toFixed(3)} s, ${ratio.toFixed(1)} times as fast; memory +${memory.ours.toFixed(0)} MiB, ` +
        `torch +${memory.theirs.toFixed(0)} MiB; IS-CAM off by ${difference.toExponential(1)}, ${otherSeeds} other seeds`,
    );
  }
}

const folder = fileURLToPath(new URL('../../out/', import.meta.url));
mkdirSync(folder, { recursive: true });
const metadata = {
  date: new Date().toISOString(),
  commit: execSync('git rev-parse --short HEAD').toString().trim(),
  node: process.version,
  processor: cpus()[0]?.model,
  cores: cpus().length,
  load: loadavg(),
  rounds,
};
const file = `${folder}sipe-exploration.json`;
writeFileSync(file, `${JSON.stringify({ metadata, results }, null, 2)}\n`);
console.log(`wrote ${file}`);
