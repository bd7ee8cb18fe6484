import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { convCase, depthwiseCase } from '../verify/cases/convolutions';
import { elementwise } from '../verify/cases/elementwise';
import { movement } from '../verify/cases/movement';
import { productsAndNorms } from '../verify/cases/products';
import { reductions } from '../verify/cases/reductions';
import { mirrorPadCase } from '../verify/cases/resizing';
import { checkOperation } from '../verify/check-operation';

// A backend that this package does not know, with kernels of TensorFlow.js alone: training on it must not become
// worse than it was.
beforeAll(async () => {
  tf.copyRegisteredKernels('cpu', 'unknown');
  tf.registerBackend('unknown', () => Object.assign(new MathBackendCPU(), { firstUse: false }));
  await import('../gradients');
  await tf.setBackend('unknown');
});

const known = [...elementwise, ...reductions, ...productsAndNorms, ...movement].filter(
  // Its kernel overwrites its input, and slices of fewer axes fail; only our kernel has a gradient for slices in steps.
  ({ operation }) => !['tensorScatterUpdate', 'stridedSlice'].includes(operation),
);

test.each(
  [
    ...known,
    mirrorPadCase(
      [2, 5, 4, 3],
      [
        [0, 1],
        [4, 2],
        [1, 3],
        [0, 0],
      ],
      'reflect',
    ),
    mirrorPadCase(
      [2, 5, 4, 3],
      [
        [1, 0],
        [2, 5],
        [4, 0],
        [3, 1],
      ],
      'symmetric',
    ),
    convCase({ input: [2, 7, 5, 3], kernel: [3, 3], out: 4, stride: 2, pad: 'same' }),
    depthwiseCase({ input: [2, 7, 5, 4], kernel: [3, 3], out: 1, pad: 'same' }),
  ].map((operation) => [`${operation.operation} ${operation.setting}`, operation] as const),
)('%s', async (_, operation) => {
  const { error, forward, gradients, leaked } = await checkOperation(operation);
  if (error) throw error;
  expect(Math.max(forward, ...gradients)).toBeLessThan(2e-5);
  expect(leaked).toBe(0);
});

test('fused convolutions have a gradient', async () => {
  const [x, w] = [tf.ones([1, 4, 4, 2]) as tf.Tensor4D, tf.ones([3, 3, 2, 1]) as tf.Tensor4D];
  const loss = (image: tf.Tensor) => tf.fused.conv2d({ x: image as tf.Tensor4D, filter: w, strides: 1, pad: 'valid' });
  const dx = tf.grad(loss)(x);
  expect([...(await dx.data())].filter((_, i) => i % 2 === 0)).toEqual([
    1, 2, 2, 1, 2, 4, 4, 2, 2, 4, 4, 2, 1, 2, 2, 1,
  ]);
  tf.dispose([x, w, dx]);
});

test('a dilated convolution is refused, not left undilated', () => {
  const [x, w] = [tf.ones([1, 7, 7, 2]) as tf.Tensor4D, tf.ones([3, 3, 2, 1]) as tf.Tensor4D];
  const plain = () => tf.grad((image: tf.Tensor) => tf.conv2d(image as tf.Tensor4D, w, 1, 'same', 'NHWC', 2))(x);
  const depthwise = () =>
    tf.grad((filter: tf.Tensor) => tf.depthwiseConv2d(x, filter as tf.Tensor4D, 1, 'same', 'NHWC', 2))(w);
  for (const train of [plain, depthwise]) {
    expect(train).toThrow(BackendError);
    expect(train).toThrow("backend 'unknown': it cannot differentiate dilated convolutions.");
  }
  tf.dispose([x, w]);
});
