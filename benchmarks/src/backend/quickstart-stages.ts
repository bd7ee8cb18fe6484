import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { runQuickstart } from '../../../examples/src/quickstart/run-quickstart';
import { SETTINGS } from '../../../examples/src/quickstart/settings';
import { leaveKernels } from './leave-kernels';
import { median, writeResults } from './results';

// The stages of the quickstart, on an eighth of its scenes, with our kernels on all cores, and with the kernels of
// TensorFlow.js, in turns: node --import tsx --conditions=@wsss/source src/backend/quickstart-stages.ts [rounds]
const rounds = Number(process.argv[2] ?? 3);
const settings = {
  ...SETTINGS,
  ...{ trainScenes: 96, testScenes: 16, epochs: 4, maskedScenes: 48, affinityScenes: 24, affinityEpochs: 3 },
  segmentation: { ...SETTINGS.segmentation, epochs: 4 },
};

const seconds: Record<'own' | 'stock', Map<string, number[]>> = { own: new Map(), stock: new Map() };
const { log } = console;
let threads = 1;
for (let round = 0; round < rounds; round++) {
  for (const kernels of ['own', 'stock'] as const) {
    leaveKernels(kernels);
    ({ threads } = await useBackend('wasm'));
    console.log = () => {};
    const { run } = await runQuickstart(settings, join(tmpdir(), 'wsss-quickstart', 'report.html'));
    console.log = log;
    for (const { name, seconds: lap } of run.stopwatch.steps) {
      const known = seconds[kernels].get(name) ?? [];
      seconds[kernels].set(name, [...known, lap]);
    }
  }
}
log(`Node ${process.version}, ${threads} threads, median of ${rounds} rounds`);
log(`${'stage'.padEnd(40)} ${'stock'.padStart(8)} ${'ours'.padStart(8)}`);
const results = [...seconds.own].map(([name, own]) => {
  const stock = seconds.stock.get(name)!;
  const cells = [median(stock), median(own)].map((value) => `${value.toFixed(2)} s`.padStart(8));
  log(`${name.padEnd(40)} ${cells.join(' ')}`);
  return { name, own, stock };
});
writeResults('backend-quickstart-stages', { rounds, threads, settings }, results);
process.exit(0);
