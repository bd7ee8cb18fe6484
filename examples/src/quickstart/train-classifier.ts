import { tensor4d } from '@tensorflow/tfjs-core';
import { fit, type History, multilabelSoftMarginLoss, polySgd, progressBar } from '@wsss/train';
import { type Batch, sampleOf, shuffledBatches } from './batches';
import type { Scene } from './scenes/scene';
import type { Settings } from './settings';
import type { SmallNetwork } from './small-network';

/** Trains the network to tell which classes a photo shows. It never sees a mask. */
export async function trainClassifier(
  network: SmallNetwork,
  scenes: readonly Scene[],
  { epochs, batchSize, learningRate, momentum, weightDecay, seed }: Settings,
): Promise<History> {
  const samples = await Promise.all(scenes.map((scene) => sampleOf(scene, network.preprocess)));
  const optimizer = polySgd({
    parameters: network.parameters,
    learningRate,
    momentum,
    weightDecay,
    maxSteps: epochs * Math.floor(samples.length / batchSize),
  });
  try {
    return await fit<Batch>({
      optimizer,
      epochs,
      seed,
      data: ({ random }) => shuffledBatches(samples, batchSize, random),
      loss: ({ images, labels }) =>
        multilabelSoftMarginLoss(
          network.logits(tensor4d(images.values, images.shape as [number, number, number, number]), { training: true }),
          labels,
        ),
      onProgress: progressBar({ label: 'training' }),
    });
  } finally {
    optimizer.dispose();
  }
}
