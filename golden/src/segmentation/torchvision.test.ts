import { tensor4d } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { type HostTensor, hostTensor, normalizeImage } from '@wsss/core';
import { loadWeights, resnet50 } from '@wsss/networks';
import { deeplabV3 } from '@wsss/segmentation';
import { psaFormulaImage, psaFormulaWeight } from '@wsss/testing';
import { beforeAll, expect, test } from 'vitest';

// What torchvision 0.14's deeplabv3_resnet50 (num_classes 21, no auxiliary classifier) gives in float64 for the weights and
// the image of PSA's formula: statistics of its scores at the image's size, and 8 of them at two corners and the centre.
const SIZE = [65, 49] as const;
const EXPECTED = {
  parameters: 39_695_633,
  mean: 199.226626,
  deviation: 797.69388,
  first: [-217.250729, -71.269749, 873.037619, -155.79662, 1391.988047, -460.345359, 35.617072, -288.753638],
  centre: [-418.946531, -182.625891, 721.166022, 289.103971, 1506.476935, -954.873342, -599.232899, -893.721829],
  last: [-209.85829, 598.023506, 876.323044, 226.707487, 677.149573, -84.043629, 119.275602, 444.382647],
};
// torch's own float32 is up to 1.2e-3 away; with sums in another order 1e-5 of the deviation is what float32 may cost.
const TOLERANCE = 1e-5 * EXPECTED.deviation;

beforeAll(async () => void (await useBackend('wasm')));

test('deeplabV3 on resnet50 takes torchvision’s names and gives torchvision’s scores', async () => {
  const backbone = resnet50({ outputStride: 8, dilated: true, frozen: 0, initialise: false });
  const network = deeplabV3(backbone, { classes: 21, initialise: false });
  const weights = new Map<string, HostTensor>();
  let values = 0;
  for (const [name, { shape, size }] of network.parameters) {
    const torch = shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;
    weights.set(name, hostTensor(psaFormulaWeight(name, torch), torch));
    values += size;
  }
  // torch counts the batches that each of the 60 norms saw, one number each.
  expect(values + 60).toBe(EXPECTED.parameters);
  await loadWeights(network, weights, { names: 'official' });
  const photo = hostTensor(psaFormulaImage(...SIZE), [...SIZE, 3]);
  const { values: pixels } = await normalizeImage(photo, network.preprocess);
  const logits = network.logits(tensor4d(pixels, [1, ...SIZE, 3]));
  const scores = (await logits.data()) as Float32Array;
  for (const each of [logits, network, backbone]) each.dispose();
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
  expect(Math.abs(mean - EXPECTED.mean)).toBeLessThan(TOLERANCE);
  expect(Math.abs(deviation - EXPECTED.deviation)).toBeLessThan(TOLERANCE);
  const centre = (32 * SIZE[1] + 24) * 21;
  const places = { first: 0, centre, last: scores.length - 8 };
  for (const [place, at] of Object.entries(places)) {
    for (const [i, score] of EXPECTED[place as 'first'].entries()) {
      expect(Math.abs(scores[at + i]! - score)).toBeLessThan(TOLERANCE);
    }
  }
});
