import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { addBackground, seeds } from '@wsss/cam';
import { hostTensor } from '@wsss/core';

await setBackend('wasm');
const cam = hostTensor(Float32Array.of(0.5, 0, 0.125, 0.75), [1, 2, 2]);
console.log((await seeds(cam, { classes: [7, 12] })).values, await addBackground(cam, { alpha: 2 }).data());
// Uint8Array(2) [ 7, 12 ] Float32Array(6) [ 0.25, 0.5, 0, 0.0625, 0.125, 0.75 ]
