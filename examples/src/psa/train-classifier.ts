import type { Tensor4D } from '@tensorflow/tfjs-core';
import { hostTensor } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import type { Network } from '@wsss/networks';
import {
  augment,
  batches,
  fit,
  type History,
  multilabelSoftMarginLoss,
  polySgd,
  progressBar,
  psaParameterGroups,
} from '@wsss/train';
import type { DevkitList } from '../papers/devkit';
import type { PsaSettings } from './settings';

/** PSA's `train_cls.py`: the whole network but its frozen layers, from image-level labels. */
export async function trainClassifier(
  network: Network,
  list: DevkitList,
  settings: PsaSettings['classifier'],
  { classes, seed, folder }: { classes: number; seed: number; folder: string },
): Promise<History> {
  const { augmentation, batchSize, epochs, learningRate, weightDecay } = settings;
  const { preprocess } = network;
  const data = batches({
    items: list.ids,
    size: batchSize,
    load: async (id, random) => {
      const { image, classes: shown } = await list.get(id);
      return { shown, image: (await augment({ image }, augmentation, { random, preprocess })).image };
    },
    collate: (views) => {
      const side = augmentation.crop;
      const images = new Float32Array(views.length * side * side * 3);
      const labels = new Float32Array(views.length * classes);
      for (const [i, { image, shown }] of views.entries()) {
        images.set(image.values, i * side * side * 3);
        for (const index of shown) labels[i * classes + index - 1] = 1;
      }
      return {
        images: hostTensor(images, [views.length, side, side, 3]),
        labels: hostTensor(labels, [views.length, classes]),
      };
    },
  });
  const head = network.classifierWeights!.replace(/\.weight$/, '');
  const optimizer = polySgd({
    groups: psaParameterGroups(network.parameters, [head]),
    learningRate,
    weightDecay,
    maxSteps: Math.floor(list.ids.length / batchSize) * epochs,
    compatibility: 'psa',
  });
  try {
    return await fit({
      data,
      epochs,
      seed,
      optimizer,
      size: ({ images }) => images.shape[0]!,
      loss: ({ images, labels }, { random }) => {
        const dropout = random.integer(0, 2 ** 31 - 1);
        const logits = network.logits(asTensor(images) as Tensor4D, { training: true, seed: dropout });
        return multilabelSoftMarginLoss(logits, labels);
      },
      checkpoint: { directory: folder, every: 100 },
      onProgress: progressBar({ label: 'classifier' }),
    });
  } finally {
    optimizer.dispose();
  }
}
