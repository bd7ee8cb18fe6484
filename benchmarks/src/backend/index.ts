import { execSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import '@wsss/backend/gradients';
import { version_core } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { mobilenet } from './mobilenet-v2';
import { resnet50 } from './resnet50';
import { TorchPeer } from './torch-peer';
import { trainingStep } from './training-step';

// A training step against torch on one thread, in turns: node --import tsx --conditions=@wsss/source
// src/backend/index.ts [rounds]
const rounds = Number(process.argv[2] ?? 9);
const setting = { size: 128, batch: 2, classes: 20 };
const networks = { mobilenetV2: mobilenet, resnet50 };

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

const backend = await useBackend('wasm', { threads: 1 });
const results = [];
for (const [name, network] of Object.entries(networks)) {
  const step = trainingStep(network(setting.classes), setting);
  const torch = await TorchPeer.start(name, setting);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const start = performance.now();
    await step();
    const seconds = (performance.now() - start) / 1000;
    const peer = await torch.step();
    // Two rounds to warm up.
    if (round < 0) continue;
    ours.push(seconds);
    theirs.push(peer);
  }
  await torch.stop();
  const ratios = ours.map((seconds, i) => seconds / theirs[i]!);
  const result = { name, ours, theirs, ratio: median(ratios), best: Math.min(...ours) / Math.min(...theirs) };
  results.push(result);
  console.log(
    `${name.padEnd(12)} wasm ${median(ours).toFixed(3)} s (least ${Math.min(...ours).toFixed(3)})  ` +
      `torch ${median(theirs).toFixed(3)} s (least ${Math.min(...theirs).toFixed(3)})  ` +
      `ratio: median ${result.ratio.toFixed(2)}, of the least ${result.best.toFixed(2)}`,
  );
}

const folder = fileURLToPath(new URL('../../out/', import.meta.url));
mkdirSync(folder, { recursive: true });
const metadata = {
  date: new Date().toISOString(),
  commit: execSync('git rev-parse --short HEAD').toString().trim(),
  node: process.version,
  tfjs: version_core,
  processor: cpus()[0]?.model,
  cores: cpus().length,
  load: loadavg(),
  backend,
  setting,
  rounds,
};
const file = `${folder}backend-training-step.json`;
writeFileSync(file, `${JSON.stringify({ metadata, results }, null, 2)}\n`);
console.log(`wrote ${file}`);
process.exit(0);
