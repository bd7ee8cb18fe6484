import { describe, expect, test } from 'vitest';
import { compareWith } from './compare-with';
import { describeRun } from './describe-run';
import { computeReference } from './reference';
import { runSuite } from './run-suite';
import { stepsOf } from './steps';

// Everything on TensorFlow. `scripts/lanes/tensorflow.mjs` runs it, with TensorFlow installed in a project of its own.

const { weights, reference } = await computeReference();
const result = await runSuite('tensorflow', { weights, steps: stepsOf({ steps: 1000 }) });
console.log(describeRun(result));

describe(`tensorflow: ${result.info.device}`, () => {
  test.for(compareWith(reference, result))('$name', ({ problem }) => expect(problem).toBeUndefined());
});
