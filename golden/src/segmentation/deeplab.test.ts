import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pad, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { normalizeImage } from '@wsss/core';
import { readImage, readMask } from '@wsss/datasets';
import { readStateDict } from '@wsss/formats';
import { ConfusionMatrix } from '@wsss/metrics';
import { freeze, loadWeights, mobilenetV2, TENSORFLOW_PREPROCESS } from '@wsss/networks';
import { deeplabV3, predict, TENSORFLOW_DEEPLAB, tensorflowDeeplabWeights } from '@wsss/segmentation';
import { beforeAll, expect, test } from 'vitest';

// DeepLab v3 on MobileNetV2, 21 classes, as TensorFlow released it; expected values by torch 1.13 on the same weights, with
// photos laid at the top left of a canvas of 513. 1e-2 of logits up to 28 is what the project asks for.
const shared = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = `${shared}/weights/deeplabv3_mnv2_voc.safetensors`;
const present = existsSync(file) && existsSync(`${shared}/voc-mini`);

interface Expected {
  readonly size: readonly [width: number, height: number];
  readonly argmax_pixels: Readonly<Record<string, number>>;
  readonly logits_at_centre: readonly number[];
  readonly pixel_accuracy: number;
}

beforeAll(async () => void (await useBackend('wasm')));

test.skipIf(!present)('the released DeepLab, on photos of ../shared, gives the recorded scores and masks', async () => {
  const expected: Record<string, Expected> = JSON.parse(
    readFileSync(`${shared}/weights/expected.json`, 'utf8'),
  ).deeplabv3_mnv2_voc;
  const whole = mobilenetV2({ outputStride: 8, preprocess: TENSORFLOW_PREPROCESS, initialise: false });
  const backbone = freeze(whole);
  const network = deeplabV3(backbone, { classes: 21, ...TENSORFLOW_DEEPLAB, initialise: false });
  const weights = await tensorflowDeeplabWeights(await readStateDict(file));
  const { missing, unused, mismatched } = await loadWeights(network, weights, { strict: false });
  // The classifier's widened layer, which the network does not use.
  expect(missing).toEqual(['backbone.features.18.0.weight', 'backbone.features.18.0.bias']);
  expect([unused, mismatched]).toEqual([[], []]);

  for (const [
    id,
    { size, argmax_pixels: pixels, logits_at_centre: logits, pixel_accuracy: accuracy },
  ] of Object.entries(expected)) {
    const image = await readImage(`${shared}/voc-mini/images/${id}.jpg`);
    const [h, w] = image.shape as [number, number, number];
    expect([w, h]).toEqual(size);
    const { values } = await normalizeImage(image, network.preprocess);
    const scores = tidy(() =>
      network.logits(
        pad(tensor4d(values, [1, h, w, 3]), [
          [0, 0],
          [0, 513 - h],
          [0, 513 - w],
          [0, 0],
        ]),
      ),
    );
    const centre = (Math.floor(h / 2) * 513 + Math.floor(w / 2)) * 21;
    const found = (await scores.data()).slice(centre, centre + 21);
    scores.dispose();
    for (const [c, logit] of logits.entries()) expect(Math.abs(found[c]! - logit)).toBeLessThan(1e-2);

    const labels = await predict(network, image, { canvas: 513, flip: false, output: 'labels' });
    const counts: Record<string, number> = {};
    for (const label of labels.values) counts[label] = (counts[label] ?? 0) + 1;
    // Pixels on the border of two classes, where rounding decides.
    for (const c of new Set([...Object.keys(pixels), ...Object.keys(counts)])) {
      expect(Math.abs((counts[c] ?? 0) - (pixels[c] ?? 0))).toBeLessThanOrEqual(5);
    }
    const confusion = new ConfusionMatrix({ classes: 21 });
    await confusion.update(labels, await readMask(`${shared}/voc-mini/masks/${id}.png`));
    expect(confusion.pixelAccuracy()).toBeCloseTo(accuracy, 4);
  }
  for (const each of [network, backbone, whole]) each.dispose();
});
