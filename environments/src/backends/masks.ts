import { tensor, tensor4d } from '@tensorflow/tfjs-core';
import { multiScaleCam, seeds } from '@wsss/cam';
import { random } from '@wsss/core';
import { classifierOf } from '@wsss/core/tensor';
import { adamW, multilabelSoftMarginLoss } from '@wsss/train';
import { sampleOf, shuffledBatches } from '../../../examples/src/quickstart/batches';
import { CLASSES, scene } from '../../../examples/src/quickstart/scenes/scene';
import { SETTINGS } from '../../../examples/src/quickstart/settings';
import { type SmallNetwork, smallNetwork } from '../../../examples/src/quickstart/small-network';

/** Parameters by name. */
export type Weights = Record<string, number[]>;

const [SIZE, TRAINED_ON, EPOCHS, IMAGES] = [48, 96, 8, 10];

const scenes = (seed: number, count: number) =>
  Array.from({ length: count }, (_, i) => scene(random(seed).fork(i), { id: `${i}`, size: SIZE }));

/** Trains the quickstart's network for a while: long enough to have an opinion. */
export async function trainForMasks(): Promise<Weights> {
  const network = smallNetwork({ classes: CLASSES.length, seed: 1 });
  const samples = await Promise.all(scenes(2, TRAINED_ON).map((each) => sampleOf(each, network.preprocess)));
  const optimizer = adamW({ parameters: network.parameters, learningRate: 0.004 });
  const stream = random(3);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const { images, labels } of shuffledBatches(samples, 16, stream)) {
      const x = tensor4d(images.values, images.shape as [number, number, number, number]);
      const loss = optimizer.minimize(() => multilabelSoftMarginLoss(network.logits(x, { training: true }), labels));
      x.dispose();
      loss.dispose();
    }
  }
  optimizer.dispose();
  const weights: Weights = {};
  for (const [name, variable] of network.parameters) weights[name] = [...(await variable.data())];
  network.dispose();
  return weights;
}

/** The masks of ten photos by class activation maps: pixels of all of them, one after the other. */
export async function masks(weights: Weights): Promise<number[]> {
  const network = withWeights(weights);
  const found: number[] = [];
  for (const { image, labels } of scenes(4, IMAGES)) {
    const classes = labels.map((name) => CLASSES.indexOf(name) + 1);
    const maps = await multiScaleCam(classifierOf(network), image, { classes, scales: [1, 1.5] });
    const { values } = await seeds(maps, { classes, threshold: SETTINGS.threshold });
    found.push(...values);
  }
  network.dispose();
  return found;
}

function withWeights(weights: Weights): SmallNetwork {
  const network = smallNetwork({ classes: CLASSES.length, seed: 0 });
  for (const [name, variable] of network.parameters) {
    const values = tensor(weights[name]!, variable.shape);
    variable.assign(values);
    values.dispose();
  }
  return network;
}
