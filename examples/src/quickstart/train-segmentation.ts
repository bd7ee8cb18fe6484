import type { HostTensor } from '@wsss/core';
import { compactSegmentation, type SegmentationNetwork } from '@wsss/segmentation';
import { trainSegmentation } from '@wsss/segmentation/train';
import { type History, progressBar } from '@wsss/train';
import { CLASSES } from './scenes/scene';
import type { Settings } from './settings';
import { type SmallNetwork, smallNetwork } from './small-network';

/** A photo and the mask that the network learns from. */
export interface MaskedPhoto {
  readonly image: HostTensor<Uint8Array>;
  /** 255 where nothing is learned. */
  readonly labels: HostTensor<Uint8Array>;
}

/**
 * A segmentation network on a copy of the classifier, all of which learns from masks.
 *
 * @param label Of its progress bar.
 */
export async function learnMasks(
  classifier: SmallNetwork,
  photos: readonly MaskedPhoto[],
  { seed, size, segmentation }: Settings,
  label: string,
): Promise<{ network: SegmentationNetwork; history: History; dispose: () => void }> {
  const backbone = smallNetwork({ classes: CLASSES.length, seed });
  for (const [name, parameter] of classifier.parameters) backbone.parameters.get(name)!.assign(parameter);
  const { width, dilations, epochs, batchSize, learningRate, headMultiplier } = segmentation;
  const network = compactSegmentation(backbone, {
    ...{ classes: CLASSES.length + 1, width, hidden: width, dilations, seed },
  });
  const dispose = () => {
    network.dispose();
    backbone.dispose();
  };
  try {
    const history = await trainSegmentation(network, {
      items: photos,
      load: (photo) => photo,
      ...{ seed, epochs, learningRate, headMultiplier },
      batchSize: Math.min(batchSize, photos.length),
      augmentation: { flip: 0.5, crop: size },
      onProgress: progressBar({ label }),
    });
    return { network, history, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
