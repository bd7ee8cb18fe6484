import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { hostTensor } from '@wsss/core';
import { meanAveragePrecision } from '@wsss/metrics';
import { batchOf, sampleOf } from './batches';
import { CLASSES, type Scene } from './scenes/scene';
import type { SmallNetwork } from './small-network';

/**
 * How well the classifier ranks photos that it was not trained on: average precision per class, and its mean; and the
 * probability that it gives each class in each scene.
 */
export async function scoreClassifier(network: SmallNetwork, scenes: readonly Scene[]) {
  const logits = new Float32Array(scenes.length * CLASSES.length);
  const targets = new Float32Array(scenes.length * CLASSES.length);
  for (const [i, scene] of scenes.entries()) {
    const { images, labels } = batchOf([await sampleOf(scene, network.preprocess)]);
    const shape = images.shape as [number, number, number, number];
    const scored = tidy(() => network.logits(tensor4d(images.values, shape)));
    logits.set(await scored.data(), i * CLASSES.length);
    targets.set(labels.values, i * CLASSES.length);
    scored.dispose();
  }
  const shape = [scenes.length, CLASSES.length];
  const precision = await meanAveragePrecision(hostTensor(logits, shape), hostTensor(targets, shape));
  const scores = scenes.map((_, i) =>
    Array.from(logits.subarray(i * CLASSES.length, (i + 1) * CLASSES.length), (x) => 1 / (1 + Math.exp(-x))),
  );
  return { ...precision, scores };
}
