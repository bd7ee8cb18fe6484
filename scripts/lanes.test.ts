import { expect, test, vi } from 'vitest';
import { runLane } from './lanes/lib/run-lane.mjs';
import { laneLine } from './lib/lane-reports.mjs';

const lane = (available: () => Promise<string | undefined>, run: () => Promise<object>) =>
  runLane({ name: 'abacus', available, run });

test('a lane that cannot run says why, and fails nothing', async () => {
  const result = await lane(
    async () => 'there are no beads',
    () => Promise.reject(new Error('ran')),
  );
  expect(result).toMatchObject({ passed: 0, failed: 0, skipped: 1, reason: 'there are no beads' });
  expect(laneLine(result)).toBe('lane abacus            COULD NOT RUN: there are no beads');
});

test('a lane that can run counts what it found', async () => {
  const result = await lane(
    async () => undefined,
    async () => ({ passed: 3, failed: 1, skipped: 2 }),
  );
  expect(result).toMatchObject({ passed: 3, failed: 1, skipped: 2 });
  expect(laneLine({ ...result, seconds: 7 })).toBe('lane abacus            3 passed, 1 failed, 2 skipped (7 s)');
});

test.for([
  ['throws', () => Promise.reject(new Error('broken'))],
  ['tests nothing', async () => ({ passed: 0, failed: 0, skipped: 4 })],
] as const)('a lane that %s has failed', async ([, run]) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect((await lane(async () => undefined, run)).failed).toBe(1);
});
