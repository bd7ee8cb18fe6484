import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@wsss/backend';
import { hostTensor, random } from '@wsss/core';
import { readStateDict, saveBytes, writeSafetensors } from '@wsss/formats';
import { loadWeights, mobilenetV2, stateDict } from '@wsss/networks';
import { compactSegmentation, deeplabV3, predict } from '@wsss/segmentation';
import { beforeAll, expect, test } from 'vitest';

beforeAll(async () => void (await useBackend('wasm')));

const stream = random(4);
const image = hostTensor(
  Uint8Array.from({ length: 40 * 52 * 3 }, () => stream.integer(0, 255)),
  [40, 52, 3],
);
const backbone = (seed: number) => mobilenetV2({ outputStride: 16, seed });

test.each([
  ['norms of groups', (seed: number) => compactSegmentation(backbone(seed), { classes: 3, seed })],
  ['norms of batches', (seed: number) => deeplabV3(backbone(seed), { classes: 3, width: 16, rates: [1, 2], seed })],
])('a network with %s, saved as .safetensors and read into another, predicts the same', async (_, make) => {
  const [saved, read] = [make(1), make(2)];
  const wanted = await predict(saved, image);
  expect((await predict(read, image)).values).not.toEqual(wanted.values);
  const folder = await mkdtemp(join(tmpdir(), 'wsss-segmentation-'));
  try {
    const file = join(folder, 'network.safetensors');
    await saveBytes(file, await writeSafetensors(await stateDict(saved)));
    const { missing, unused, mismatched } = await loadWeights(read, await readStateDict(file));
    expect([missing, unused, mismatched]).toEqual([[], [], []]);
  } finally {
    await rm(folder, { recursive: true });
  }
  expect((await predict(read, image)).values).toEqual(wanted.values);
});
