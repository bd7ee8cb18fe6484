import { add, type Scalar, sigmoid, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import { AffinityNet, affinityLabels, affinityLoss, IrnNet, irnLoss } from '@wsss/affinity';
import { hostTensor, random } from '@wsss/core';
import { mobilenetV2, type Network, resnet38d, resnet50, resnet101, vgg16 } from '@wsss/networks';
import { compactSegmentation, crossEntropy } from '@wsss/segmentation';
import { SipeNet } from '@wsss/sipe';
import { sipeLoss } from '@wsss/sipe/train';
import { multilabelSoftMarginLoss } from '@wsss/train';
import type { Trainee } from './training-step';

const [HEIGHT, WIDTH, CLASSES] = [32, 40, 3];

/** The same pixels everywhere, about as large as normalised ones. */
function images(): Tensor4D {
  const stream = random(5);
  const waves = Array.from({ length: 3 }, () => [stream.uniform(0.1, 0.6), stream.uniform(0.1, 0.6)] as const);
  const values = Float32Array.from({ length: HEIGHT * WIDTH * 3 }, (_, i) => {
    const [u, v] = waves[i % 3]!;
    const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
    return 1.5 * Math.sin(u * x) * Math.cos(v * y) + 0.5 * stream.normal();
  });
  return tensor4d(values, [1, HEIGHT, WIDTH, 3]);
}

const labels = hostTensor(Float32Array.of(1, 0, 1), [1, CLASSES]);

function classifier(network: Network): Trainee {
  const x = images();
  return {
    parameters: network.parameters,
    loss: () => multilabelSoftMarginLoss(network.logits(x, { training: true, seed: 1 }), labels),
    dispose() {
      network.dispose();
      x.dispose();
    },
  };
}

/** A head on a backbone. */
function headed(
  backbone: Network,
  make: () => { readonly parameters: Trainee['parameters']; dispose(): void; loss(x: Tensor4D): Scalar },
): Trainee {
  const [head, x] = [make(), images()];
  return {
    parameters: head.parameters,
    loss: () => head.loss(x),
    dispose() {
      head.dispose();
      backbone.dispose();
      x.dispose();
    },
  };
}

const small = () => mobilenetV2({ outputStride: 16, widthMultiplier: 0.5, seed: 2 });

/** Squares of three classes, `[h, w]`. */
const pixels = (height: number, width: number, side: number) =>
  Uint8Array.from(
    { length: height * width },
    (_, i) => (Math.floor((i % width) / side) + Math.floor(i / width / side)) % 3,
  );

async function pairs(stride: number, radius: number, order: 'psa' | 'irn') {
  const [rows, columns] = [Math.ceil(HEIGHT / stride), Math.ceil(WIDTH / stride)];
  const found = await affinityLabels(hostTensor(pixels(rows, columns, 2), [rows, columns]), { radius, order });
  return Object.fromEntries(
    Object.entries(found).map(([kind, { values, shape }]) => [kind, hostTensor(values, [1, ...shape])]),
  ) as unknown as typeof found;
}

/** One network after the other: some are large. */
export const networks: Readonly<Record<string, () => Trainee | Promise<Trainee>>> = {
  mobilenetV2: () => classifier(mobilenetV2({ classes: CLASSES, seed: 1 })),
  resnet50: () => classifier(resnet50({ classes: CLASSES, seed: 1 })),
  // For the sake of time only the last stages of the largest are differentiated; their blocks are those of the others.
  resnet101: () => classifier(resnet101({ classes: CLASSES, frozen: 3, seed: 1 })),
  vgg16: () => classifier(vgg16({ classes: CLASSES, seed: 1 })),
  resnet38d: () => classifier(resnet38d({ classes: CLASSES, outputStride: 16, frozen: 5, seed: 1 })),
  SipeNet: () => {
    const backbone = small();
    return headed(backbone, () => {
      const network = new SipeNet(backbone, { classes: CLASSES, seed: 3 });
      return {
        parameters: network.parameters,
        dispose: () => network.dispose(),
        loss: (x) => {
          const { classification, consistency } = sipeLoss(network, { images: x, labels }, { seed: 1 });
          return add(classification, consistency);
        },
      };
    });
  },
  AffinityNet: async () => {
    const radius = 3;
    const known = await pairs(8, radius, 'psa');
    const backbone = small();
    return headed(backbone, () => {
      const network = AffinityNet(backbone, { head: 'mobilenetV2', seed: 3 });
      return {
        parameters: network.parameters,
        dispose: () => network.dispose(),
        loss: (x) => affinityLoss(network.affinities(x, { radius }), known).loss,
      };
    });
  },
  IrnNet: async () => {
    const radius = 4;
    const known = await pairs(4, radius, 'irn');
    const backbone = resnet50({ frozen: true, seed: 2 });
    return headed(backbone, () => {
      const network = IrnNet(backbone, { seed: 3 });
      return {
        parameters: network.parameters,
        dispose: () => network.dispose(),
        loss: (x) => {
          const { edge, displacement } = network.forward(x, { training: true });
          return irnLoss({ edge: sigmoid(edge), displacement }, known, { radius }).loss;
        },
      };
    });
  },
  compactSegmentation: () => {
    const backbone = small();
    const truth = hostTensor(pixels(HEIGHT, WIDTH, 9), [1, HEIGHT, WIDTH]);
    return headed(backbone, () => {
      const network = compactSegmentation(backbone, { classes: CLASSES, width: 16, hidden: 24, seed: 3 });
      return {
        parameters: network.parameters,
        dispose: () => network.dispose(),
        loss: (x) => crossEntropy(network.logits(x, { training: true, seed: 1 }), truth),
      };
    });
  },
};
