import { argmaxLabels, type HostTensor } from '@wsss/core';
import { gateByClassifier, predict, type SegmentationNetwork } from '@wsss/segmentation';
import { classesIn, crfOnMask } from '../shared/crf-on-mask';
import { timed } from '../shared/timed';
import { tracked } from '../shared/tracked';
import type { NetworkSlug } from './rungs';
import { CLASSES, type Scene } from './scenes/scene';

/** What a network makes of a scene. */
export interface Predicted {
  readonly masks: Readonly<Record<NetworkSlug, HostTensor<Uint8Array>>>;
  readonly seconds: Readonly<Record<NetworkSlug, number>>;
}

/**
 * The masks of a network: alone; gated by what the classifier says of the photo, and fitted to its edges; and the same
 * by the labels of the scene, as pseudo labels are made.
 *
 * @param scores Of each scene, the classifier's probability of each class.
 */
export async function predictScenes(
  network: SegmentationNetwork,
  scenes: readonly Scene[],
  scores: readonly (readonly number[])[],
): Promise<Predicted[]> {
  const predicted: Predicted[] = [];
  for (const [i, { image, labels }] of tracked('network', [...scenes.entries()])) {
    const [probabilities, ofNetwork] = await timed(() => predict(network, image));
    const alone = await argmaxLabels(probabilities);
    const gate = async (by: readonly number[]) => argmaxLabels(await gateByClassifier(probabilities, by));
    const [gated, ofGate] = await timed(() => gate(scores[i]!));
    const [gatedCrf, ofGatedCrf] = await timed(() => crfOnMask(image, gated, classesIn(gated)));
    const told = CLASSES.map((name) => (labels.includes(name) ? 1 : 0));
    const [relabelled, ofLabels] = await timed(() => gate(told));
    const classes = told.flatMap((here, c) => (here ? [c + 1] : []));
    const [relabelledCrf, ofLabelsCrf] = await timed(() => crfOnMask(image, relabelled, classes));
    predicted.push({
      masks: { network: alone, gated, gatedCrf, relabelled, relabelledCrf },
      seconds: {
        ...{ network: ofNetwork, gated: ofGate, gatedCrf: ofGatedCrf },
        ...{ relabelled: ofLabels, relabelledCrf: ofLabelsCrf },
      },
    });
  }
  return predicted;
}
