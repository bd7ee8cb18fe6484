import { describe, expect, test } from 'vitest';
import { compareWith } from './compare-with';
import { computeReference } from './reference';
import { runSuite } from './run-suite';

// Everything on WebGPU in Node. `scripts/lanes/webgpu.mjs` runs it where there is a GPU, or one in software.

const { weights, reference } = await computeReference();
const result = await runSuite('webgpu', { weights });
console.log(`${result.report}\nseconds    ${JSON.stringify(result.seconds)}`);

describe(`webgpu in Node: ${result.info.device}`, () => {
  test.for(compareWith(reference, result))('$name', ({ problem }) => expect(problem).toBeUndefined());
});
