import { AffinityNet } from '@wsss/affinity';
import { useBackend } from '@wsss/backend';
import { hostTensor, random } from '@wsss/core';
import { classifierOf, featureFunction } from '@wsss/core/tensor';
import { IRN_CRF } from '@wsss/crf';
import { mobilenetV2 } from '@wsss/networks';
import { compactSegmentation } from '@wsss/segmentation';
import { beforeAll, expect, test } from 'vitest';
import { pseudoLabel } from './pseudo-label';

// Every stage on photos of any size, with any set of classes. The networks are not trained: what counts is that all fits.
const C = 5;
const sipe = { structure: ['features.6'], prototype: ['features.13'], backgroundFactor: 0.9 };

/** All stages on one backbone. */
function stages() {
  const backbone = mobilenetV2({ classes: C, outputStride: 16, seed: 1 });
  const classifier = classifierOf(backbone);
  const taps = [classifier.tap, ...sipe.structure, ...sipe.prototype];
  return {
    classifier: { ...classifier, features: featureFunction(backbone, { taps }) },
    sipe,
    affinity: AffinityNet(backbone, { head: 'mobilenetV2' }),
    segmentation: compactSegmentation(backbone, { classes: C + 1 }),
    crf: IRN_CRF,
  };
}
let every: ReturnType<typeof stages>;
beforeAll(async () => {
  await useBackend('wasm');
  every = stages();
});

test.for([
  [1, 1, [1]],
  [2, 130, [5, 1]],
  [71, 9, [2, 3, 4]],
  [45, 64, [1, 2, 3, 4, 5]],
] as const)('%i × %i pixels with classes %o', async ([h, w, labels]) => {
  const stream = random(h);
  const photo = hostTensor(
    Uint8Array.from({ length: h * w * 3 }, () => stream.integer(0, 255)),
    [h, w, 3],
  );
  const made = await pseudoLabel(photo, labels, { ...every, scales: [1, 2] });
  expect(Object.keys(made.timings)).toEqual(['cam', 'isCam', 'affinity', 'walk', 'segmentation', 'crf', 'mask']);
  expect(made.cam.shape).toEqual([h, w, labels.length]);
  for (const scores of [made.isCam!, made.walked!, made.segmented!, made.refined]) {
    expect(scores.shape).toEqual([h, w, labels.length + 1]);
    expect(scores.values.every(Number.isFinite)).toBe(true);
  }
  expect(made.mask.shape).toEqual([h, w]);
  for (const label of made.mask.values) expect([0, ...labels]).toContain(label);
});
