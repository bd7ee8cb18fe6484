import { getKernel, square, tensor1d, valueAndGrad } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { backendReport, useBackend } from '@wsss/backend';

const stock = getKernel('Conv2D', 'wasm');
const { name } = await useBackend('wasm');
console.log(name, getKernel('Conv2D', 'wasm') === stock, backendReport().match(/kernels .*/)?.[0]);

await import('@wsss/backend/gradients');
const { value, grad } = valueAndGrad((x) => square(x))(tensor1d([3]));
console.log(await value.data(), await grad.data());
// wasm false kernels    of @wsss/backend
// Float32Array(1) [ 9 ] Float32Array(1) [ 6 ]
