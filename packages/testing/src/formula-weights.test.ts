import { expect, test } from 'vitest';
import { fnv1a, psaFormulaImage, psaFormulaWeight, sipeFormulaWeight, sipeUniform } from './formula-weights';

// The expected values are those that the reference's own run recorded.
test('PSA: filters, norms and the image are bit for bit those of the reference', () => {
  const first = (key: string, shape: number[]) => [...psaFormulaWeight(key, shape).subarray(0, 4)];
  expect(first('conv1a.weight', [64, 3, 3, 3])).toEqual([
    -0.4145215153694153, -0.007397502660751343, -0.4552590250968933, -0.12311914563179016,
  ]);
  expect(first('b2.bn_branch2a.weight', [64])).toEqual([
    0.8839676976203918, 0.9861242175102234, 0.8168503642082214, 0.9866194725036621,
  ]);
  expect(first('b2.bn_branch2a.bias', [64])).toEqual([
    -0.024925852194428444, 0.03391002491116524, 0.03374975919723511, -0.06899784505367279,
  ]);
  expect(first('b4_2.conv_branch2a.weight', [512, 512, 3, 3])).toEqual([
    -0.015812968835234642, -0.016145579516887665, -0.013085337355732918, -0.012316003441810608,
  ]);
  expect([...psaFormulaImage(64, 64).subarray(0, 12)]).toEqual([
    198, 111, 173, 70, 241, 113, 247, 46, 158, 245, 47, 207,
  ]);
});

test('SIPE: the hash and the ranges', () => {
  expect(fnv1a('resnet50.conv1.weight')).toBe(0x29af054c);
  const u = sipeUniform('x', 1);
  [0.01292598, 0.82876372, 0.67496067, 0.1366725].forEach((value, i) => void expect(u(i)).toBeCloseTo(value, 8));
  const range = (key: string, shape: number[]) => {
    const values = sipeFormulaWeight(key, shape, 7);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [low, high] = range('resnet50.layer1.0.bn3.weight', [256]);
  expect(low).toBeGreaterThanOrEqual(Math.fround(0.2));
  expect(high).toBeLessThanOrEqual(Math.fround(0.4));
  expect(range('resnet50.layer1.0.bn1.running_var', [64])[1]).toBeGreaterThan(1.3);
});
