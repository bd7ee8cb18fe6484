// crfBatch in a process of its own, as it starts workers from files beside the module.
import { hostTensor, random } from '@wsss/core';
import { crf, crfBatch, PSA_CRF } from './index';

const stream = random(3);
const item = (height: number, width: number) => ({
  image: hostTensor(
    Uint8Array.from({ length: height * width * 3 }, () => stream.integer(0, 256)),
    [height, width, 3],
  ),
  scores: hostTensor(
    Float32Array.from({ length: height * width * 3 }, () => stream.next()),
    [height, width, 3],
  ),
});
const items = [item(20, 31), item(33, 17), item(8, 9), item(40, 40), item(1, 1)];

let position = 0;
let largest = 0;
for await (const q of crfBatch(items, PSA_CRF, { threads: 2 })) {
  const { image, scores } = items[position++]!;
  const alone = await crf(image, scores, PSA_CRF);
  if (String(q.shape) !== String(alone.shape)) throw new Error(`${q.shape}`);
  for (let i = 0; i < q.values.length; i++) largest = Math.max(largest, Math.abs(q.values[i]! - alone.values[i]!));
}
console.log(position, largest);

const wrong = {
  ...items[1]!,
  scores: hostTensor(
    items[1]!.scores.values.map((v) => -v),
    items[1]!.scores.shape,
  ),
};
try {
  for await (const q of crfBatch([items[0]!, wrong, items[2]!], PSA_CRF, { threads: 2 })) console.log(q.shape.join());
} catch (error) {
  console.log((error as Error).name, (error as Error).message.split(',')[0]);
}

const abort = new AbortController();
try {
  for await (const _ of crfBatch(items, PSA_CRF, { threads: 2, signal: abort.signal }))
    abort.abort(new Error('enough'));
} catch (error) {
  console.log((error as Error).message);
}
