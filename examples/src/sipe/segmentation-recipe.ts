import { mobilenetV2, resnet101 } from '@wsss/networks';
import { compactSegmentation, deeplabV2 } from '@wsss/segmentation';
import { COMPACT_TRAINING, DEEPLAB_V2_TRAINING } from '@wsss/segmentation/train';
import { loadFrom } from '../papers/load-network';
import type { SegmentationRecipe } from '../papers/segmentation-stages';
import type { SipeNetworkName } from './settings';

/**
 * The last step of SIPE: DeepLab v2 on ResNet-101 in the settings of the program that its authors name
 * (kazuto1011/deeplab-pytorch), but that it begins with whatever weights are given, there those of a DeepLab v1 trained on
 * COCO.
 */
export function sipeSegmentation(
  name: SipeNetworkName,
  { weights, classes, seed }: { weights: string | undefined; classes: number; seed: number },
): SegmentationRecipe {
  const large = name === 'resnet50';
  const make = async () => {
    const trunk = large ? resnet101({ seed }) : mobilenetV2({ seed, outputStride: 16 });
    const network = (large ? deeplabV2 : compactSegmentation)(trunk, { classes, seed });
    if (weights) await loadFrom(trunk, weights);
    return {
      network,
      dispose() {
        network.dispose();
        trunk.dispose();
      },
    };
  };
  if (!large) return { make, schedule: COMPACT_TRAINING, views: {}, published: 'none' };
  return {
    make,
    // The ten photos of a step in two halves: each is seen at three sizes.
    schedule: { ...DEEPLAB_V2_TRAINING, batchSize: 5, accumulate: 2 },
    views: { scales: [0.5, 0.75, 1], fuse: 'max', flip: false },
    published: '68.8 % (paper, DeepLab v2 with ResNet-101)',
  };
}
