import { square, tensor1d, valueAndGrad } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';

const { name } = await useBackend('wasm');
const { value, grad } = valueAndGrad((x) => square(x))(tensor1d([3]));
console.log(name, await value.data(), await grad.data());
// wasm Float32Array(1) [ 9 ] Float32Array(1) [ 6 ]
