import { hostTensor, ShapeError, ValueError } from '@wsss/core';
import { expect, test } from 'vitest';
import { gateByClassifier } from './gate-by-classifier';

const rounded = (values: Float32Array) => Array.from(values, (value) => Math.round(value * 1e4) / 1e4);

test('divides the mass of the foreground in the ratio of probability times score', async () => {
  const probabilities = hostTensor(Float32Array.of(0.4, 0.3, 0.2, 0.1, 0.1, 0.2, 0.3, 0.4), [1, 2, 4]);
  const gated = await gateByClassifier(probabilities, [0.5, 1, 0]);
  // 0.3 · 0.5 : 0.2 · 1 : 0 = 3 : 4 : 0 of 0.6; and 0.1 : 0.3 of 0.9.
  expect(rounded(gated.values)).toEqual([0.4, 0.2571, 0.3429, 0, 0.1, 0.225, 0.675, 0]);
});

test('scores of 1 change nothing; image labels leave the classes that are there', async () => {
  const values = Float32Array.of(0.25, 0.5, 0.25, 0.5, 0.125, 0.375);
  const probabilities = hostTensor(values, [2, 1, 3]);
  expect((await gateByClassifier(probabilities, [1, 1])).values).toEqual(values);
  expect(rounded((await gateByClassifier(probabilities, [0, 1])).values)).toEqual([0.25, 0, 0.75, 0.5, 0, 0.5]);
});

test('a photo without any class is background', async () => {
  const probabilities = hostTensor(Float32Array.of(0.1, 0.5, 0.4), [1, 1, 3]);
  expect((await gateByClassifier(probabilities, [0, 0])).values).toEqual(Float32Array.of(1, 0, 0));
});

test('tiny products do not vanish', async () => {
  const probabilities = hostTensor(Float32Array.of(0.5, 0.5, 1e-30), [1, 1, 3]);
  const gated = await gateByClassifier(probabilities, [0, 1e-20]);
  expect(rounded(gated.values)).toEqual([0.5, 0, 0.5]);
});

test('refuses logits, and scores of another number', async () => {
  const probabilities = hostTensor(Float32Array.of(0.5, 0.5), [1, 1, 2]);
  await expect(gateByClassifier(probabilities, [0.5, 0.5])).rejects.toThrow(ShapeError);
  await expect(gateByClassifier(probabilities, [1.5])).rejects.toThrow('sigmoid');
  await expect(gateByClassifier(probabilities, [Number.NaN])).rejects.toThrow(ValueError);
  const logits = hostTensor(Float32Array.of(3, -1), [1, 1, 2]);
  await expect(gateByClassifier(logits, [1])).rejects.toThrow('softmax');
  await expect(gateByClassifier(hostTensor(Float32Array.of(0.5, 0.4), [1, 1, 2]), [1])).rejects.toThrow('sum to 1');
});
