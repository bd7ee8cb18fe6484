// A program that only computes, on a processor without SIMD: what does it compute with, and does it come to an end?
import { backend, conv2d, ones, type Tensor4D } from '@tensorflow/tfjs-core';
import { simdModule } from '../simd/simd-module';
import { useBackend } from '../use-backend';

const { threads, device } = await useBackend('wasm');
const y = conv2d(ones([1, 5, 6, 2]) as Tensor4D, ones([3, 3, 2, 4]) as Tensor4D, 1, 'valid');
console.log(`${device}, ${threads} thread, ${(await y.data()).join() === '18,'.repeat(48).slice(0, -1)}`);
console.log(simdModule(backend()) ? 'ours' : 'stock');
