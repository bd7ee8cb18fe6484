import { expect, test } from 'vitest';
import { runWithKills, stepsPerEpoch } from '../../test/killed-runs';

// One kill; five at random moments are in resume.long.test.ts.
test('a run that was killed ends with the bytes of one that was not', async () => {
  const epochs = 3;
  const [undisturbed, killed] = await Promise.all([
    runWithKills(epochs, 0, []),
    runWithKills(epochs, 2, [{ afterStep: 4, milliseconds: 3 }]),
  ]);
  const all = Array.from({ length: epochs * stepsPerEpoch }, (_, i) => i + 1);
  expect(undisturbed.steps).toEqual([all]);
  const [first, second] = killed.steps;
  expect(first!.slice(0, 4)).toEqual([1, 2, 3, 4]);
  // It went on where a checkpoint stood, in the middle of an epoch, and not from the beginning.
  expect(second![0]).toBeGreaterThanOrEqual(4);
  expect(second!.at(-1)).toBe(9);
  expect(killed.final).toBe(undisturbed.final);
  expect(killed.files).toEqual(['checkpoint.safetensors', 'final.json']);
});
