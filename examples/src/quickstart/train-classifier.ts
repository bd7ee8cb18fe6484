import { tensor4d } from '@tensorflow/tfjs-core';
import { adamW, fit, type History, multilabelSoftMarginLoss, polyLearningRate, progressBar } from '@wsss/train';
import { type Batch, sampleOf, shuffledBatches } from './batches';
import type { Scene } from './scenes/scene';
import type { Settings } from './settings';
import type { SmallNetwork } from './small-network';

/** Trains the network to tell which classes a photo shows. It never sees a mask. */
export async function trainClassifier(
  network: SmallNetwork,
  scenes: readonly Scene[],
  { epochs, batchSize, learningRate, warmUp, weightDecay, seed }: Settings,
): Promise<History> {
  const samples = await Promise.all(scenes.map((scene) => sampleOf(scene, network.preprocess)));
  const steps = epochs * Math.floor(samples.length / batchSize);
  const optimizer = adamW({
    parameters: network.parameters,
    learningRate: (step) => polyLearningRate(learningRate, step, steps) * Math.min(1, (step + 1) / warmUp),
    weightDecay,
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
