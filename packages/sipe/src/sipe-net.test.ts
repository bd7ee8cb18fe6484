import '@tensorflow/tfjs-backend-cpu';
import '@wsss/backend/gradients';
import { memory, setBackend, sum, type Tensor4D, tensor, variableGrads } from '@tensorflow/tfjs-core';
import { hostTensor, random } from '@wsss/core';
import { beforeAll, expect, test } from 'vitest';
import { multiScaleIsCam } from './multi-scale-is-cam';
import { noise } from './scene.fixture';
import { SipeNet } from './sipe-net';
import { smallBackbone } from './small-backbone.fixture';

beforeAll(async () => {
  await setBackend('cpu');
});

const sides = { early: 4, middle: 6, late: 8 };

function photo(h: number, w: number) {
  const draw = random(4);
  return hostTensor(
    Uint8Array.from({ length: h * w * 3 }, () => draw.integer(0, 255)),
    [h, w, 3],
  );
}

test('has a classifier and side branches beside the backbone, and frees only its own', () => {
  const backbone = smallBackbone();
  const before = memory().numTensors;
  const network = new SipeNet(backbone, { classes: 3, sides });
  expect([...network.newParameters.keys()]).toEqual([
    'classifier.weight',
    'side1.weight',
    'side2.weight',
    'side3.weight',
  ]);
  expect(network.parameters.size).toBe(backbone.parameters.size + 4);
  expect(network.parameters.get('side2.weight')!.shape).toEqual([1, 1, 12, 6]);
  network.dispose();
  expect(memory().numTensors).toBe(before);
  expect(backbone.parameters.size).toBe(6);
  backbone.dispose();
});

test('gives maps, their means and the features of the branches', async () => {
  const [backbone, told] = [smallBackbone(), [] as string[]];
  const network = new SipeNet(backbone, { classes: 3, sides });
  const images = tensor(noise([2, 16, 24, 3], 1).values, [2, 16, 24, 3]) as Tensor4D;
  const before = memory().numTensors;
  const found = network.forward(images, { taps: ['early'], onLayer: (name) => told.push(name) });
  expect(memory().numTensors).toBe(before + 5);
  expect([found.maps.shape, found.logits.shape, found.structure.shape]).toEqual([
    [2, 4, 6, 3],
    [2, 3],
    [2, 4, 6, 16],
  ]);
  expect([found.hierarchical.shape, found.taps.early!.shape]).toEqual([
    [2, 4, 6, 18],
    [2, 8, 12, 8],
  ]);
  expect(told).toEqual(['classifier', 'side1', 'side2', 'side3', 'hierarchical']);
  const maps = Array.from(await found.maps.data());
  const mean = maps.filter((_, i) => i < 72 && i % 3 === 1).reduce((total, value) => total + value, 0) / 24;
  expect((await found.logits.data())[1]).toBeCloseTo(mean, 5);
  network.dispose();
  backbone.dispose();
});

test('no gradient of the branches reaches the backbone', () => {
  const backbone = smallBackbone();
  const network = new SipeNet(backbone, { classes: 3, sides });
  const images = tensor(noise([1, 16, 16, 3], 1).values, [1, 16, 16, 3]) as Tensor4D;
  const { grads } = variableGrads(() => sum(network.forward(images).hierarchical), [...network.parameters.values()]);
  const largest = (name: string) => {
    const gradient = grads[network.parameters.get(name)!.name];
    return gradient ? Math.max(...gradient.dataSync().map(Math.abs)) : 0;
  };
  for (const name of backbone.parameters.keys()) expect(largest(name)).toBe(0);
  for (const name of ['side1', 'side2', 'side3']) expect(largest(`${name}.weight`)).toBeGreaterThan(0);
  network.dispose();
  backbone.dispose();
});

test('sees photos of any size, with its branches or taps, and explores them', async () => {
  const backbone = smallBackbone();
  const network = new SipeNet(backbone, { classes: 3, sides });
  const before = memory().numTensors;
  const view = await network.view(photo(18, 23));
  expect([view.maps.shape, view.structure.shape]).toEqual([
    [5, 6, 3],
    [5, 6, 18],
  ]);
  expect(view.prototype).toBe(view.structure);
  const taps = await network.view(photo(18, 23), { structure: ['middle'], prototype: ['middle', 'late'] });
  expect([taps.structure.shape, taps.prototype.shape]).toEqual([
    [5, 6, 12],
    [5, 6, 28],
  ]);
  const isCam = await multiScaleIsCam(network.view, photo(18, 23), { classes: [2], scales: [1, 2] });
  expect(isCam.shape).toEqual([18, 23, 2]);
  expect(isCam.values.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(memory().numTensors).toBe(before);
  expect((await network.classifier.weights.data()).length).toBe(48);
  expect((await network.classifier.features(photo(8, 8))).late!.shape).toEqual([2, 2, 16]);
  await expect(network.view(photo(8, 8), { structure: ['nowhere'] })).rejects.toThrow();
  network.dispose();
  backbone.dispose();
});

test('refuses taps, classes and branches that there are not', () => {
  const backbone = smallBackbone();
  const make = (options: Partial<ConstructorParameters<typeof SipeNet>[1]>) => () =>
    new SipeNet(backbone, { classes: 3, sides, ...options });
  expect(make({ classes: 0 })).toThrow(/1..254/);
  expect(make({ structure: 'nowhere' })).toThrow(/The network has early, middle, late/);
  expect(make({ sides: { nowhere: 3 } })).toThrow(/to name taps of the network/);
  expect(make({ sides: { late: 0 } })).toThrow(/number of channels/);
  expect(make({ sides: {} })).toThrow(/at least one tap/);
  expect(() => new SipeNet(backbone, { classes: 3 })).toThrow(/to say which taps get a side branch/);
  backbone.dispose();
});
