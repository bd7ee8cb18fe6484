import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { profile, useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { resnet50 } from '@wsss/networks';
import { trainingStepOf } from './network-step';
import { writeResults } from './results';

// Memory of a training step of ResNet-50 (output stride 16), as it is and with checkpointed blocks, each in a process
// of its own: node --import tsx --conditions=@wsss/source src/backend/memory.ts [size] [batch]
const [size = '512', batch = '1', only] = process.argv.slice(2);

/** What the memory of WebAssembly may grow to with checkpointed blocks, at 512 px, batch 1. */
const BAR = 2.5e9;

interface Memory {
  readonly checkpoint: boolean;
  readonly weights: number;
  readonly peakBytes: number;
  readonly heapBytes: number;
  readonly seconds: number;
  readonly loss: number;
}

async function measure(checkpoint: boolean): Promise<Memory> {
  await useBackend('wasm');
  const network = resnet50({ frozen: 0, dilated: true, classes: 20, checkpoint });
  const step = trainingStepOf(network, { size: Number(size), batch: Number(batch), classes: 20 });
  const { bytesBefore, peakBytes, heapBytes, seconds, value } = await profile(step, { print: false });
  return { checkpoint, weights: bytesBefore, peakBytes, heapBytes: heapBytes!, seconds, loss: value };
}

if (only) {
  console.log(JSON.stringify(await measure(only === 'checkpoint')));
  process.exit(0);
}

const script = fileURLToPath(import.meta.url);
const results: Memory[] = [];
let failed = false;
console.log(
  `ResNet-50, output stride 16, ${size} px, batch ${batch}: one training step on wasm, Node ${process.version}`,
);
for (const mode of ['plain', 'checkpoint']) {
  const output = execFileSync(process.execPath, [...process.execArgv, script, size, batch, mode], { encoding: 'utf8' });
  const found = JSON.parse(output.trim().split('\n').at(-1)!) as Memory;
  results.push(found);
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  const over = found.checkpoint && found.heapBytes > BAR;
  failed ||= over;
  console.log(
    `${mode.padEnd(10)} tensors ${gigabytes(found.peakBytes)} at most (weights ${gigabytes(found.weights)}), ` +
      `heap ${gigabytes(found.heapBytes)}${found.checkpoint ? ` (at most ${gigabytes(BAR)}) ${over ? 'FAIL' : 'ok'}` : ''}, ` +
      `${found.seconds.toFixed(1)} s, loss ${found.loss.toFixed(6)}`,
  );
}
writeResults('backend-memory', { size: Number(size), batch: Number(batch) }, results);
process.exit(failed ? 1 : 0);
