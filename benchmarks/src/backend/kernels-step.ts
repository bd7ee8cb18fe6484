import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { mobilenet } from './mobilenet-v2';
import { resnet50 } from './resnet50';
import { trainingStep } from './training-step';

// Processor time of a training step with our WebAssembly kernels, or without them: node --import tsx
// --conditions=@wsss/source src/backend/kernels-step.ts [without] [rounds]
const without = process.argv.includes('without');
const rounds = Number(process.argv.at(-1)) || 9;
await useBackend('wasm', { threads: 1, kernels: without ? 'stock' : 'own' });

const setting = { size: 128, batch: 2, classes: 20 };
const seconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
for (const [name, network] of Object.entries({ mobilenetV2: mobilenet, resnet50 })) {
  const step = trainingStep(network(setting.classes), setting);
  const times: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const start = seconds();
    await step();
    if (round >= 0) times.push(seconds() - start);
  }
  times.sort((a, b) => a - b);
  const [median, least] = [times[rounds >> 1]!, times[0]!].map((time) => `${(time * 1000).toFixed(0)} ms`);
  console.log(`${name.padEnd(12)} ${without ? 'without' : 'with'} our kernels: median ${median}, least ${least}`);
}
process.exit(0);
