import { hostTensor } from '@wsss/core';
import { DenseCrf, unaryFromLabels } from '@wsss/crf';

const labels = hostTensor(Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0, 0), [3, 3]);
const unary = await unaryFromLabels(labels, { classes: 2, zeroUnsure: false });
const crf = new DenseCrf({ height: 3, width: 3, classes: 2 }).setUnary(unary).addGaussian({ sdims: 2, compat: 3 });
const { shape, values } = await crf.infer(5);
crf.dispose();
console.log(shape, values.every((q, i) => q > 0.5 === (i % 2 === 0)) ? 'smoothed' : 'unchanged');
// [ 3, 3, 2 ] smoothed
