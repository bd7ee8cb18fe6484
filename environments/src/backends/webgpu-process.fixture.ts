import { matMul, ones, removeBackend } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';

// A program as users write it: it computes on WebGPU and comes to its end. `keep`: without giving the GPU back.

const names = () => Object.getOwnPropertyNames(globalThis).filter((name) => /^GPU|^navigator$/.test(name));
const before = names();
await useBackend('webgpu');
const y = matMul(ones([40, 50]), ones([50, 3]));
console.log((await y.data())[0], names().length > before.length);
if (process.argv[2] !== 'keep') {
  removeBackend('webgpu');
  console.log(names().join() === before.join());
  // Once more, on a GPU of its own.
  await useBackend('webgpu');
  console.log((await ones([2]).data())[1]);
}
