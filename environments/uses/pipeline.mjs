import { hostTensor } from '@wsss/core';
import { pseudoLabel } from '@wsss/pipeline';

// A classifier that takes red for its class 1 and green for its class 2.
const weights = hostTensor(Float32Array.of(1, 0, 0, 0, 1, 0), [2, 3]);
const classifier = {
  tap: 'colours',
  weights,
  features: (/** @type {import('@wsss/core').TensorLike} */ image) => ({ colours: image }),
};
const photo = hostTensor(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255), [1, 3, 3]);
const { mask } = await pseudoLabel(photo, [1, 2], { classifier, scales: [1], flip: false });
console.log(mask.shape, mask.values);
// [ 1, 3 ] Uint8Array(3) [ 1, 2, 0 ]
