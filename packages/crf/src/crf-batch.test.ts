import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hostTensor, ValueError } from '@wsss/core';
import { expect, test } from 'vitest';
import { crf, crfBatch, PSA_CRF } from './index';

const image = hostTensor(
  new Uint8Array(7 * 5 * 3).map((_, i) => i * 2),
  [7, 5, 3],
);
const scores = hostTensor(
  new Float32Array(7 * 5 * 2).map((_, i) => (i % 3) / 3),
  [7, 5, 2],
);

test('in worker threads: the numbers of crf, in order; its errors at the photo at fault; stops when aborted', () => {
  const program = fileURLToPath(new URL('./batch.fixture.ts', import.meta.url));
  const args = ['--import', 'tsx', '--conditions=@wsss/source', program];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { timeout: 50_000, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe(
    '5 0\n20,31,3\nValueError unaryFromSoftmax: expected `scores` to be finite and at least 0\nenough\n',
  );
  expect(status).toBe(0);
});

test('without workers, one after the other, from a generator that is read as needed', async () => {
  let read = 0;
  async function* photos() {
    for (; read < 6; read++) yield { image, scores, classes: read % 2 === 0 ? undefined : [1] };
  }
  const alone = await crf(image, scores, PSA_CRF);
  let position = 0;
  for await (const q of crfBatch(photos(), PSA_CRF, { threads: 1 })) {
    if (position % 2 === 0) expect(q.values).toEqual(alone.values);
    else expect([...q.values.slice(0, 2)]).toEqual([0, 1]);
    expect(read - position).toBeLessThanOrEqual(2);
    position++;
  }
  expect(position).toBe(6);
});

test('workers that cannot start, before the first photo or after, leave the work here', async () => {
  // These tests run from TypeScript, which a worker of Node does not read.
  const slow = { ...scores, data: () => new Promise<Float32Array>((done) => setTimeout(done, 300, scores.values)) };
  const alone = await crf(image, scores, PSA_CRF);
  let photos = 0;
  for await (const q of crfBatch(
    [
      { image, scores: slow },
      { image, scores },
    ],
    PSA_CRF,
    { threads: 2 },
  )) {
    expect(q.values).toEqual(alone.values);
    photos++;
  }
  expect(photos).toBe(2);
});

test('refuses a wrong preset at once', async () => {
  await expect(crfBatch([], { ...PSA_CRF, iterations: -1 }).next()).rejects.toThrow(ValueError);
});
