import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, tensor, variable } from '@tensorflow/tfjs-core';
import { hostTensor, type TensorLike, ValueError } from '@wsss/core';
import { parameterBuilder } from '@wsss/core/layers';
import { beforeAll, expect, test } from 'vitest';
import { loadWeights } from './load-weights';
import { mobilenetV2 } from './mobilenet-v2';
import { stateDict } from './state-dict';

beforeAll(async () => expect(await setBackend('cpu')).toBe(true));

function small() {
  const builder = parameterBuilder({ seed: 1 });
  builder.conv2d('conv', { in: 4, out: 6, kernel: [2, 3], groups: 2 });
  builder.conv2d('depthwise', { in: 3, out: 3, kernel: 3, groups: 3 });
  builder.batchNorm('norm', 6);
  builder.linear('fc', { in: 6, out: 2 });
  return builder;
}

/** A state dictionary of `small` whose value at torch's index [o, i, y, x] says where it is. */
function numbered(): Map<string, TensorLike> {
  const count = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const made = (shape: number[]) =>
    hostTensor(
      Float32Array.from({ length: count(shape) }, (_, i) => i),
      shape,
    );
  return new Map<string, TensorLike>([
    ['conv.weight', made([6, 2, 2, 3])],
    ['depthwise.weight', made([3, 1, 3, 3])],
    ['norm.weight', made([6])],
    ['norm.bias', made([6])],
    ['norm.running_mean', made([6])],
    ['norm.running_var', made([6])],
    ['norm.num_batches_tracked', hostTensor(BigInt64Array.of(7n), [])],
    ['fc.weight', made([2, 6])],
    ['fc.bias', made([2])],
  ]);
}

test('every value lands where torch has it: filters, grouped filters, matrices', async () => {
  const { parameters } = small();
  const before = memory().numTensors;
  const report = await loadWeights({ parameters }, numbered());
  expect(memory().numTensors).toBe(before);
  expect(report).toEqual({
    loaded: [...parameters.keys()],
    missing: [],
    unused: [],
    mismatched: [],
    summary: '8 of 8 parameters of the network found their tensor (names: official).',
  });
  const conv = await parameters.get('conv.weight')!.data();
  for (let o = 0; o < 6; o++)
    for (let i = 0; i < 2; i++)
      for (let y = 0; y < 2; y++)
        for (let x = 0; x < 3; x++) {
          expect(conv[((y * 3 + x) * 2 + i) * 6 + o]).toBe(((o * 2 + i) * 2 + y) * 3 + x);
        }
  const depthwise = await parameters.get('depthwise.weight')!.data();
  for (let o = 0; o < 3; o++) for (let t = 0; t < 9; t++) expect(depthwise[t * 3 + o]).toBe(o * 9 + t);
  const fc = await parameters.get('fc.weight')!.data();
  for (let c = 0; c < 2; c++) for (let f = 0; f < 6; f++) expect(fc[f * 2 + c]).toBe(c * 6 + f);
});

test('stateDict is the exact inverse, and gives torch shapes', async () => {
  const { parameters } = small();
  await loadWeights({ parameters }, numbered());
  const back = await stateDict({ parameters });
  for (const [name, { shape, values }] of back) {
    expect(shape).toEqual(numbered().get(name)!.shape);
    expect(values).toEqual(await numbered().get(name)!.data());
  }
  const network = mobilenetV2({ seed: 8, classes: 3, widthMultiplier: 0.35 });
  const other = mobilenetV2({ seed: 9, classes: 3, widthMultiplier: 0.35 });
  await loadWeights(other, await stateDict(network));
  for (const [name, v] of network.parameters) {
    expect(await other.parameters.get(name)!.data()).toEqual(await v.data());
  }
  network.dispose();
  other.dispose();
});

test('a prefix of DataParallel, and 1×1 filters for matrices', async () => {
  const { parameters } = small();
  const wrapped = new Map([...numbered()].map(([key, value]) => [`module.${key}`, value]));
  wrapped.set(
    'module.fc.weight',
    hostTensor((await numbered().get('fc.weight')!.data()) as Float32Array, [2, 6, 1, 1]),
  );
  expect((await loadWeights({ parameters }, wrapped)).loaded.length).toBe(8);
  expect((await parameters.get('fc.weight')!.data())[1]).toBe(6);
});

test('strict says everything that does not fit, and loads nothing', async () => {
  const { parameters } = small();
  const weights = numbered();
  weights.delete('norm.bias');
  weights.set('fc.weight', hostTensor(new Float32Array(8), [2, 4]));
  weights.set('extra.weight', hostTensor(new Float32Array(1), [1]));
  const before = await parameters.get('conv.weight')!.data();
  await expect(loadWeights({ parameters }, weights)).rejects.toThrow(ValueError);
  await expect(loadWeights({ parameters }, weights)).rejects.toThrow(
    [
      '6 of 8 parameters of the network found their tensor (names: official).',
      'Missing from the file, so left as they were: norm.bias.',
      'Of another shape, so left as they were: fc.weight [2,6] is [2,4] in the file.',
      'In the file, but not in the network: extra.weight.',
    ].join('\n'),
  );
  expect(await parameters.get('conv.weight')!.data()).toEqual(before);
  const report = await loadWeights({ parameters }, weights, { strict: false });
  expect(report.missing).toEqual(['norm.bias']);
  expect(report.unused).toEqual(['extra.weight']);
  expect(report.mismatched).toEqual([{ name: 'fc.weight', expected: [2, 6], found: [2, 4] }]);
  expect((await parameters.get('conv.weight')!.data())[0]).toBe(0);
  expect(report.summary).toContain('6 of 8');
});

test('values that are no numbers are refused by name', async () => {
  const v = variable(tensor([1, 2]));
  const weights = new Map([['a', hostTensor(Float32Array.of(1, Number.NaN), [2])]]);
  await expect(loadWeights({ parameters: new Map([['a', v]]) }, weights)).rejects.toThrow(
    "loadWeights: expected `weights 'a'` to be finite at [1], got NaN.",
  );
  await expect(loadWeights({ parameters: new Map() }, new Map(), { names: 'keras' as 'torchvision' })).rejects.toThrow(
    '`names` to be a name map, or one of',
  );
  v.dispose();
});
