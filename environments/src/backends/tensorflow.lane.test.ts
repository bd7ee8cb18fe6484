import { describe, expect, test } from 'vitest';
import { compareWith } from './compare-with';
import { computeReference } from './reference';
import { runSuite } from './run-suite';

// Everything on TensorFlow. `scripts/lanes/tensorflow.mjs` runs it, with TensorFlow installed in a project of its own.

const { weights, reference } = await computeReference();
const result = await runSuite('tensorflow', { weights, steps: 1000 });
console.log(
  `${result.report}\nseconds    ${JSON.stringify(result.seconds)}\nheld       ${JSON.stringify(result.held)}`,
);

describe(`tensorflow: ${result.info.device}`, () => {
  test.for(compareWith(reference, result))('$name', ({ problem }) => expect(problem).toBeUndefined());
});
