/** A small image, refined; the same text wherever it is computed. Rounded, as sums come in another order with threads. */
export const CRF_JOB = `
import { hostTensor } from '@wsss/core';
import { crf, crfBatch, PSA_CRF, warmUp } from '@wsss/crf';
const [h, w, K] = [150, 200, 3];
const image = hostTensor(Uint8Array.from({ length: h * w * 3 }, (_, i) => 128 + 100 * Math.sin(i / 777) + (i % 7)), [h, w, 3]);
const scores = hostTensor(Float32Array.from({ length: h * w * K }, (_, i) => 0.1 + ((i * 7919) % 1013) / 1013), [h, w, K]);
const digest = ({ values }) => values.reduce((sum, q, i) => sum + q * ((i % 97) - 48), 0).toFixed(1);
export async function job(threads) {
  const { engine, threads: ready } = await warmUp({ threads });
  const one = await crf(image, scores, PSA_CRF);
  const batch = [];
  for await (const q of crfBatch([{ image, scores }, { image, scores }], PSA_CRF, { threads })) batch.push(digest(q));
  return [engine, ready, digest(one), ...batch].join(' ');
}
`;
