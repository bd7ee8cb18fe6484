import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { grads, memory, setBackend, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import { hostTensor, ShapeError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { multilabelSoftMarginLoss } from './multilabel-soft-margin-loss';

// From torch 1.13: F.multilabel_soft_margin_loss and autograd, of these logits and labels.
const logits = [0.3, -1.2, 4.5, -20, 2, 88, -0.7, 0, -104, 30, 1.5, -2.25];
const labels = [1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1];
const reference = {
  loss: 0.73363048,
  gradient: [
    -0.035463125, 0.019289602, -0.00091557857, 1.7176281e-10, 0.07339976, -5.0455012e-40, -0.055682316, 0.041666668, 0,
    -7.7980191e-15, 0.068131208, -0.075387552,
  ],
};

describe.each(['cpu', 'wasm'])('multilabelSoftMarginLoss on %s', (backend) => {
  beforeAll(async () => {
    expect(await setBackend(backend)).toBe(true);
  });

  test('is what torch gives, with its gradient, for large logits too', async () => {
    const [x, y] = [tensor2d(logits, [3, 4]), tensor2d(labels, [3, 4])];
    const loss = multilabelSoftMarginLoss(x, y);
    expect((await loss.data())[0]).toBeCloseTo(reference.loss, 6);
    const [dx] = grads((a: Tensor, b: Tensor) => multilabelSoftMarginLoss(a, b))([x, y]);
    const got = await dx!.data();
    for (let i = 0; i < logits.length; i++) expect(Math.abs(got[i]! - reference.gradient[i]!)).toBeLessThan(1e-7);
  });

  test('keeps nothing but its result, and disposes no argument', () => {
    const x = tensor2d(logits, [3, 4]);
    const before = memory().numTensors;
    const loss = multilabelSoftMarginLoss(x, hostTensor(Uint8Array.from(labels), [3, 4]));
    expect(memory().numTensors).toBe(before + 1);
    expect(x.isDisposed).toBe(false);
    loss.dispose();
    x.dispose();
  });

  test('refuses other shapes', () => {
    const x = hostTensor(new Float32Array(6), [2, 3]);
    expect(() => multilabelSoftMarginLoss(x, hostTensor(new Float32Array(6), [3, 2]))).toThrow(ShapeError);
    expect(() => multilabelSoftMarginLoss(x, hostTensor(new Float32Array(3), [3]))).toThrow(/targets/);
    const empty = hostTensor(new Float32Array(0), [0, 3]);
    expect(() => multilabelSoftMarginLoss(empty, empty)).toThrow(/at least one image/);
  });
});
