// A program that uses workers, grows the memory, and then has nothing more to do; it tells what it left behind.
import { backend, conv2d, randomNormal, sum, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { useBackend } from '../use-backend';
import { simdModule } from './simd-module';

const watched = () => [
  ...Object.getOwnPropertyNames(globalThis),
  ...[WebAssembly, URL, Atomics].flatMap((object) =>
    Object.entries(Object.getOwnPropertyDescriptors(object)).map(([name, { value }]) => [name, value] as const),
  ),
  ...[fetch, Worker, Blob].map((value) => value),
];
const events = () => process.eventNames().map((name) => [name, process.listenerCount(name)] as const);
const Worker = process.getBuiltinModule('node:worker_threads').Worker;

const [before, listenersBefore] = [watched().flat(), events().flat()];
const { threads } = await useBackend('wasm', { threads: 2 });
const [after, listenersAfter] = [watched().flat(), events().flat()];
const same = (a: unknown[], b: unknown[]) => a.length === b.length && a.every((value, i) => value === b[i]);
console.log(`${threads} threads, globals ${same(before, after) ? 'as before' : 'changed'}`);
console.log(`listeners ${same(listenersBefore, listenersAfter) ? 'as before' : 'changed'}`);

console.log(`${await simdModule(backend())!.threads!.ready(2)} ready`);
const x = randomNormal([1, 32, 32, 64]) as Tensor4D;
const filter = randomNormal([3, 3, 64, 64]) as Tensor4D;
const once = await conv2d(x, filter, 1, 'same').data();
zeros([2 ** 24]);
const twice = await conv2d(x, filter, 1, 'same').data();
console.log(`${same([...once], [...twice]) ? 'equal' : 'unlike'} after growth, ${(await sum(x).data()).length}`);
