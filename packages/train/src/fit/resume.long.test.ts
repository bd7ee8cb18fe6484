import { random } from '@wsss/core';
import { expect, test } from 'vitest';
import { runWithKills, stepsPerEpoch } from '../../test/killed-runs';

test.each([1, 2, 3])('killed at five random moments, a run ends with the same bytes (seed %i)', async (seed) => {
  const epochs = 16;
  const undisturbed = await runWithKills(epochs, 0, []);
  const draw = random(seed);
  const moments = Array.from({ length: 5 }, () => draw.integer(1, epochs * stepsPerEpoch - 30)).sort((a, b) => a - b);
  // A process begins some steps after the one before was told to die, and must tell a step of its own.
  const kills = moments.map((moment, i) => ({ afterStep: moment + 6 * i, milliseconds: draw.uniform(0, 30) }));
  const killed = await runWithKills(epochs, 5, kills);
  console.log(
    `killed ${kills.map(({ afterStep, milliseconds }) => `${milliseconds.toFixed(1)} ms after step ${afterStep}`).join(', ')}`,
  );
  expect(killed.final).toBe(undisturbed.final);
  expect(killed.files).toEqual(['checkpoint.safetensors', 'final.json']);
});
