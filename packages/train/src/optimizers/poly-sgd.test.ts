import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { polyLearningRate } from './poly-learning-rate';
import { polySgd } from './poly-sgd';
import { psaParameterGroups } from './psa-parameter-groups';
import { sgd } from './sgd';

beforeAll(async () => {
  await setBackend('cpu');
});
const one = () => variable(tensor1d([1, -1]));

describe('polyLearningRate', () => {
  test('falls as the polynomial, and stays after the last step', () => {
    expect(polyLearningRate(0.05, 0, 12)).toBe(0.05);
    expect(polyLearningRate(0.05, 6, 12)).toBeCloseTo(0.05 * 0.5 ** 0.9, 12);
    expect(polyLearningRate(0.05, 11, 12)).toBeCloseTo(0.005342036891611734, 15);
    expect(polyLearningRate(0.05, 19, 12)).toBe(polyLearningRate(0.05, 11, 12));
    expect(polyLearningRate(1, 5, 10, 2)).toBe(0.25);
  });
  test('refuses what has no meaning', () => {
    expect(() => polyLearningRate(1, -1, 10)).toThrow(/step/);
    expect(() => polyLearningRate(1, 0, 0)).toThrow(/maxSteps/);
    expect(() => polyLearningRate(1, 0, 1, 0)).toThrow(/power/);
  });
});

describe('polySgd', () => {
  const after = async (v: Variable, optimizer: ReturnType<typeof sgd>) => {
    for (let t = 0; t < 4; t++) tidy(() => optimizer.step({ [v.name]: tensor1d([0.5, t]) }));
    optimizer.dispose();
    return [...(await v.data())];
  };
  test('is SGD with momentum and the schedule; the quirk of PSA only where asked for', async () => {
    const [a, b, c, d] = [one(), one(), one(), one()];
    const shared = { learningRate: 0.1, maxSteps: 3, weightDecay: 0.01 };
    const learningRate = (step: number) => polyLearningRate(0.1, step, 3);
    const intended = await after(a, polySgd({ ...shared, parameters: [a] }));
    expect(intended).toEqual(await after(b, sgd({ parameters: [b], learningRate, momentum: 0.9, weightDecay: 0.01 })));
    const quirk = await after(c, polySgd({ ...shared, parameters: [c], compatibility: 'psa' }));
    expect(quirk).toEqual(await after(d, sgd({ parameters: [d], learningRate, momentum: 0.01, weightDecay: 0.01 })));
    expect(quirk).not.toEqual(intended);
  });
  test('takes no momentum beside the quirk', () => {
    const options = { parameters: [one()], learningRate: 1, maxSteps: 1 };
    expect(() => polySgd({ ...options, compatibility: 'psa', momentum: 0.9 })).toThrow(/momentum/);
    expect(() => polySgd({ ...options, compatibility: 'irn' as 'psa' })).toThrow(/compatibility/);
  });
});

describe('psaParameterGroups', () => {
  test('sorts by new and old, weight and bias', () => {
    const names = [
      'conv1.weight',
      'conv1.bias',
      'f8_3.weight',
      'gn8_3.weight',
      'gn8_3.bias',
      'fc8.weight',
      'fc8.bias',
      'fc80.weight',
    ];
    const groups = psaParameterGroups(new Map(names.map((name) => [name, one()])), ['fc8', 'f8_3']);
    expect(
      groups.map(({ parameters, multiplier, weightDecay }) => [[...parameters.keys()], multiplier, weightDecay]),
    ).toEqual([
      [['conv1.weight', 'gn8_3.weight', 'fc80.weight'], 1, undefined],
      [['conv1.bias', 'gn8_3.bias'], 2, 0],
      [['f8_3.weight', 'fc8.weight'], 10, undefined],
      [['fc8.bias'], 20, 0],
    ]);
  });
  test('refuses a layer that is not there', () => {
    expect(() => psaParameterGroups(new Map([['a.weight', one()]]), ['b'])).toThrow(/'b'/);
  });
});
