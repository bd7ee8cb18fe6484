import { mobilenetV2, resnet38d, vgg16 } from '@wsss/networks';
import {
  compactSegmentation,
  deeplabLargeFov,
  resnet38Segmentation,
  type SegmentationNetwork,
} from '@wsss/segmentation';
import { COMPACT_TRAINING } from '@wsss/segmentation/train';
import { loadFrom } from '../papers/load-network';
import type { SegmentationRecipe } from '../papers/segmentation-stages';
import type { PsaNetworkName } from './settings';

/**
 * The last step of PSA, for which its authors published no program: ResNet-38 in the settings with which SEAM's author
 * trained it on such labels, DeepLab-CRF-LargeFOV for VGG16 in its own.
 */
export function psaSegmentation(
  name: PsaNetworkName,
  { weights, classes, seed }: { weights: string | undefined; classes: number; seed: number },
): SegmentationRecipe {
  const make = async () => {
    const { trunk, network } = NETWORKS[name]({ classes, seed });
    if (weights) await loadFrom(trunk, weights);
    return {
      network,
      dispose() {
        network.dispose();
        trunk.dispose();
      },
    };
  };
  const sgd = { optimizer: 'sgd', momentum: 0.9, weightDecay: 5e-4, learningRate: 1e-3, headMultiplier: 10 } as const;
  if (name === 'mobilenetV2') return { make, schedule: COMPACT_TRAINING, views: {}, published: 'none' };
  if (name === 'vgg16') {
    const augmentation = { flip: 0.5, crop: 321 };
    const schedule = { ...sgd, steps: 6000, batchSize: 20, augmentation };
    return { make, schedule, views: {}, published: '58.4 % (paper, as later papers quote it)' };
  }
  const jitter = { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 };
  const augmentation = { scale: [0.5, 2], flip: 0.5, jitter, crop: 321 } as const;
  const schedule = { ...sgd, steps: 20_000, batchSize: 10, augmentation };
  const views = { scales: [0.5, 0.75, 1, 1.25, 1.5, 1.75] };
  return { make, schedule, views, published: '61.7 % (paper)' };
}

type Make = (options: { classes: number; seed: number }) => {
  trunk: ReturnType<typeof resnet38d>;
  network: SegmentationNetwork;
};

const NETWORKS: Readonly<Record<PsaNetworkName, Make>> = {
  resnet38d(options) {
    const trunk = resnet38d({ seed: options.seed });
    return { trunk, network: resnet38Segmentation(trunk, options) };
  },
  vgg16(options) {
    const trunk = vgg16({ seed: options.seed, fc6Dilation: 12, pool5: true });
    return { trunk, network: deeplabLargeFov(trunk, options) };
  },
  mobilenetV2(options) {
    const trunk = mobilenetV2({ seed: options.seed, outputStride: 16 });
    return { trunk, network: compactSegmentation(trunk, options) };
  },
};
