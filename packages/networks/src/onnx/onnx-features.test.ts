import { hostTensor, IMAGENET_PREPROCESS, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { expect, test } from 'vitest';
import { type OnnxSession, type OnnxTensor, onnxFeatures } from './onnx-features';

/** Acts as ONNX Runtime does: `double` is twice the input, `pooled` its mean per channel. */
function session(layout: 'nchw' | 'nhwc' = 'nchw') {
  const fed: OnnxTensor[] = [];
  const made: OnnxSession = {
    inputNames: ['input'],
    outputNames: ['double', 'pooled'],
    async run({ input }: Record<string, OnnxTensor>) {
      fed.push(input!);
      const data = (input!.data as Float32Array).map((v) => 2 * v);
      return {
        double: { type: 'float32', dims: input!.dims, data },
        pooled: { type: 'float32', dims: [1, 3], data: new Float32Array(3) },
      };
    },
  };
  return { made, fed, layout };
}

const image = hostTensor(
  Uint8Array.from({ length: 24 }, (_, i) => 10 * i),
  [2, 4, 3],
);
const plain = { order: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] } as const;

test.each(['nchw', 'nhwc'] as const)('%s: what goes in and what comes out', async (layout) => {
  const { made, fed } = session(layout);
  const features = await onnxFeatures(made, { taps: { twice: 'double' }, preprocess: plain, layout })(image);
  expect(fed[0]!.dims).toEqual(layout === 'nchw' ? [1, 3, 2, 4] : [1, 2, 4, 3]);
  const red = [...(fed[0]!.data as Float32Array)].filter((_, i) => (layout === 'nchw' ? i < 8 : i % 3 === 0));
  expect(red).toEqual([0, 30, 60, 90, 120, 150, 180, 210]);
  expect(Object.keys(features)).toEqual(['twice']);
  expect(features.twice!.shape).toEqual([2, 4, 3]);
  expect([...((await features.twice!.data()) as Float32Array)]).toEqual([...image.values].map((v) => 2 * v));
});

test("normalises as ImageNet's networks want it, unless told otherwise", async () => {
  const { made, fed } = session();
  await onnxFeatures(made, { taps: ['double'] })(image);
  const { mean, std } = IMAGENET_PREPROCESS;
  expect((fed[0]!.data as Float32Array)[9]).toBeCloseTo((40 / 255 - mean[1]) / std[1], 6);
});

test('says what is wrong', async () => {
  const { made } = session();
  expect(() => onnxFeatures({} as OnnxSession)).toThrow('InferenceSession.create(model)');
  expect(() => onnxFeatures(made, { input: 'x' })).toThrow("to be one of the model's, input, got 'x'.");
  expect(() => onnxFeatures({ ...made, inputNames: ['a', 'b'] })).toThrow(ValueError);
  expect(() => onnxFeatures(made, { taps: ['layer4'] })).toThrow('to name outputs of the model, double, pooled');
  expect(() => onnxFeatures(made, { layout: 'chw' as 'nchw' })).toThrow(ValueError);
  await expect(async () => onnxFeatures(made)(image)).rejects.toThrow(ShapeError);
  const half: OnnxSession = {
    ...made,
    run: async () => ({ double: { type: 'float16', dims: [1, 3, 2, 4], data: new Uint16Array(24) } }),
  };
  await expect(async () => onnxFeatures(half, { taps: ['double'] })(image)).rejects.toThrow(
    'Export the model in float32',
  );
  const grey: TensorLike = hostTensor(new Uint8Array(8), [2, 4, 1]);
  await expect(async () => onnxFeatures(made, { taps: ['double'] })(grey)).rejects.toThrow(ShapeError);
});
