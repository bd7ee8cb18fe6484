import { fileURLToPath } from 'node:url';
import { readmeExamples, runReadmeExample } from '@wsss/testing';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = readmeExamples(root);

test('the README has examples', () => expect(examples).toHaveLength(2));

test.for(examples)('example $index of the README prints what it says', async (example) => {
  expect(await runReadmeExample(root, example)).toBe(example.printed);
});
