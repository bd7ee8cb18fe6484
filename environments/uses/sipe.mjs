import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { hostTensor } from '@wsss/core';
import { imageSpecificCam, prototypes, structureSeeds } from '@wsss/sipe';
import { backgroundCam } from '@wsss/sipe/tensor';

// Four cells in a row: two alike, then two others alike; the class was seen in the first alone.
await setBackend('wasm');
const features = hostTensor(Float32Array.of(1, 0, 2, 0, 0, 1, 0, 3), [1, 4, 2]);
const cam = backgroundCam(hostTensor(Float32Array.of(4, 1, 0, 0), [1, 4, 1]));
const { seeds } = await structureSeeds(features, cam, { backgroundFactor: 0.5 });
const isCam = await imageSpecificCam(features, await prototypes(features, seeds, { classes: 2 }));
console.log(seeds.values, [...isCam.values].join(' '));
// Uint8Array(4) [ 1, 1, 0, 0 ] 0 1 0 1 1 0 1 0
