import { square, sum, tensor1d, variable } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { sgd } from '@wsss/train';

await useBackend('wasm');
const x = variable(tensor1d([3]));
const loss = sgd({ parameters: [x], learningRate: 0.25 }).minimize(() => sum(square(x)));
console.log(await loss.data(), await x.data());
// Float32Array(1) [ 9 ] Float32Array(1) [ 1.5 ]
