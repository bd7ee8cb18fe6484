import { type BackendName, backendReport, useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { describeSteps } from './describe-run';
import { manySteps } from './many-steps';

// What many training steps hold, on one backend and without the rest of the suite: node --import tsx
// --conditions=@wsss/source src/backends/train-many-steps.ts [backend] [steps]
const [name = 'wasm', steps = '1000'] = process.argv.slice(2);
await useBackend(name as BackendName);
const held = await manySteps({ steps: Number(steps) });
console.log(`${backendReport()}\n${describeSteps(held)}`);
