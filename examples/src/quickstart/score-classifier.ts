import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import { hostTensor } from '@wsss/core';
import { meanAveragePrecision } from '@wsss/metrics';
import { batchOf, sampleOf } from './batches';
import { CLASSES, type Scene } from './scenes/scene';
import type { SmallNetwork } from './small-network';

/** How well the classifier ranks photos that it was not trained on: average precision per class, and its mean. */
export async function scoreClassifier(network: SmallNetwork, scenes: readonly Scene[]) {
  const scores = new Float32Array(scenes.length * CLASSES.length);
  const targets = new Float32Array(scenes.length * CLASSES.length);
  for (const [i, scene] of scenes.entries()) {
    const { images, labels } = batchOf([await sampleOf(scene, network.preprocess)]);
    const shape = images.shape as [number, number, number, number];
    const logits = tidy(() => network.logits(tensor4d(images.values, shape)));
    scores.set(await logits.data(), i * CLASSES.length);
    targets.set(labels.values, i * CLASSES.length);
    logits.dispose();
  }
  const shape = [scenes.length, CLASSES.length];
  return meanAveragePrecision(hostTensor(scores, shape), hostTensor(targets, shape));
}
