import '@tensorflow/tfjs-backend-cpu';
import { avgPool, setBackend } from '@tensorflow/tfjs-core';
import { hostTensor, IMAGENET_PREPROCESS } from '@wsss/core';
import { compactSegmentation, crossEntropy, gateByClassifier, predict } from '@wsss/segmentation';
import { trainSegmentation } from '@wsss/segmentation/train';

await setBackend('cpu');
// A backbone of one step: a cell for every four pixels, their mean colour.
const backbone = {
  taps: { cells: { stride: 4, channels: 3 } },
  classifierTap: 'cells',
  parameters: new Map(),
  preprocess: IMAGENET_PREPROCESS,
  /** @param {import('@tensorflow/tfjs-core').Tensor4D} images */
  forward: (images) => ({ cells: avgPool(images, 4, 4, 'valid') }),
  dispose: () => {},
};
const network = compactSegmentation(backbone, { classes: 3, width: 8, hidden: 8, dilations: [1] });
const photo = hostTensor(new Uint8Array(24 * 32 * 3).fill(90), [24, 32, 3]);
const labels = hostTensor(new Uint8Array(24 * 32).fill(2), [24, 32]);
await trainSegmentation(network, {
  items: [1, 2, 3, 4],
  load: () => ({ image: photo, labels }),
  augmentation: { crop: 16, flip: 0.5 },
  batchSize: 2,
  epochs: 5,
});
const gated = await gateByClassifier(await predict(network, photo), [0, 1]);
const loss = crossEntropy(hostTensor(new Float32Array(3), [1, 1, 1, 3]), hostTensor(Uint8Array.of(255), [1, 1, 1]));
console.log(gated.shape, gated.values[1], (await loss.data())[0]);
// [ 24, 32, 3 ] 0 0
