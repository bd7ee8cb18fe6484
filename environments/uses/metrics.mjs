import { hostTensor } from '@wsss/core';
import { ConfusionMatrix } from '@wsss/metrics';

const matrix = new ConfusionMatrix({ classes: 2 });
await matrix.update(hostTensor(Uint8Array.of(0, 1, 1, 0), [2, 2]), hostTensor(Uint8Array.of(0, 1, 0, 255), [2, 2]));
console.log(matrix.iou(), matrix.meanIou());
// [ 0.5, 0.5 ] 0.5
