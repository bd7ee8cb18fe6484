import { hostTensor, resizeBilinear } from '@wsss/core';

const map = hostTensor(Float32Array.of(0, 1), [1, 2]);
const { values, shape } = await resizeBilinear(map, [1, 3], { alignCorners: true });
console.log(shape, values);
// [ 1, 3 ] Float32Array(3) [ 0, 0.5, 1 ]
