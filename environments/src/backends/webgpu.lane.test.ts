import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectCommand } from '../run-command';
import { compareWith } from './compare-with';
import { describeRun } from './describe-run';
import { computeReference } from './reference';
import { runSuite } from './run-suite';
import { stepsOf } from './steps';

// Everything on WebGPU in Node. `scripts/lanes/webgpu.mjs` runs it where there is a GPU, or one in software.

const { weights, reference } = await computeReference();
// A GPU in software takes six minutes for a thousand on two quiet cores; on a busy machine there are fewer.
const result = await runSuite('webgpu', { weights, steps: stepsOf({ steps: 1000, seconds: 400 }) });
console.log(describeRun(result));

describe(`webgpu in Node: ${result.info.device}`, () => {
  test.for(compareWith(reference, result))('$name', ({ problem }) => expect(problem).toBeUndefined());
});

const program = fileURLToPath(new URL('webgpu-process.fixture.ts', import.meta.url));

test.for([
  ['a program that keeps the GPU', 'keep', '50 true\n'],
  ['one that gives it back, and takes it again', 'back', '50 true\ntrue\n1\n'],
] as const)('%s, ends by itself', async ([, way, printed]) => {
  const run = ['--import', 'tsx', '--conditions=@wsss/source', program, way];
  expect(await expectCommand(process.execPath, run, fileURLToPath(new URL('.', import.meta.url)))).toBe(printed);
});
