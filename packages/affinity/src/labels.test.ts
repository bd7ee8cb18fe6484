import { hostTensor, ShapeError, ValueError } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { affinityLabels } from './affinity-labels';
import { affinityPairs } from './affinity-pairs';
import { cellLabels } from './cell-labels';
import { cellScores } from './cell-scores';
import { irLabel, irLabelMap } from './ir-label';
import { affinityLabelMap, confidentLabels } from './label-map';

const labels = (rows: string[]) => {
  const of = (char: string) => (char === '.' ? 255 : Number(char));
  return hostTensor(Uint8Array.from(rows.flatMap((row) => [...row].map(of))), [rows.length, rows[0]!.length]);
};
const lines = ({ values, shape }: { values: Uint8Array; shape: readonly number[] }) =>
  Array.from({ length: shape[0]! }, (_, y) =>
    [...values.subarray(y * shape[1]!, (y + 1) * shape[1]!)].map((v) => (v === 255 ? '.' : v)).join(''),
  );

describe('affinityLabels', () => {
  test('what is known of each pair', async () => {
    const { backgroundPositive, foregroundPositive, negative } = await affinityLabels(
      labels(['0011', '.012', '0022']),
      {
        radius: 2,
        border: 'full',
      },
    );
    // Offsets (0, 1), (1, −1), (1, 0), (1, 1) of twelve cells.
    expect(backgroundPositive.shape).toEqual([4, 12]);
    const at = (mask: { values: Uint8Array }) =>
      Array.from({ length: 4 }, (_, p) => mask.values.slice(12 * p, 12 * p + 12).join(''));
    expect(at(backgroundPositive)).toEqual(['100000001000', '000001000000', '010001000000', '100000000000']);
    expect(at(foregroundPositive)).toEqual(['001000000010', '000100010000', '001000010000', '000000000000']);
    expect(at(negative)[0]).toBe('010001100100');
  });

  test('from a threshold on, labels are ignored', async () => {
    const all = await affinityLabels(labels(['12', '12']), { radius: 2, border: 'full' });
    const few = await affinityLabels(labels(['12', '12']), { radius: 2, border: 'full', ignoreFrom: 2 });
    const count = ({ values }: { values: Uint8Array }) => values.reduce((a, b) => a + b, 0);
    expect([all.foregroundPositive, all.negative, few.foregroundPositive, few.negative].map(count)).toEqual([
      2, 4, 1, 0,
    ]);
  });

  test('refuses what it cannot work with', async () => {
    const map = labels(['0123', '0123']);
    await expect(affinityLabels(map)).rejects.toThrow(/`labels` to be at least \[5, 9\] for radius 5, got \[2, 4\]/);
    await expect(affinityLabels(map, { radius: 0 })).rejects.toThrow(ValueError);
    await expect(affinityLabels(map, { order: 'other' as never })).rejects.toThrow(ValueError);
    await expect(affinityLabels(map, { ignoreFrom: 0 })).rejects.toThrow(ValueError);
    await expect(affinityLabels(hostTensor(new Float32Array(8), [2, 2, 2]))).rejects.toThrow(ShapeError);
    await expect(affinityLabels(hostTensor(Float32Array.of(0.5), [1, 1]), { border: 'full' })).rejects.toThrow(
      ValueError,
    );
    await expect(affinityPairs(4, 20, 5)).rejects.toThrow(ShapeError);
    await expect(affinityPairs(0, 20, 5, { border: 'full' })).rejects.toThrow(ShapeError);
  });
});

describe('confidentLabels', () => {
  // Cells of one pixel; channels background, 1, 2.
  const scores = (...cells: number[][]) => hostTensor(Float32Array.from(cells.flat()), [1, cells.length, 3]);

  test('foreground of the low, background of the high, ignored between and outside', async () => {
    const low = scores([0, 1, 0], [1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0], [0.2, 0.2, 0.2]);
    const high = scores([0, 1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0], [0, 0.1, 0.1]);
    expect(lines(await confidentLabels(low, high, { cell: 1 }))).toEqual(['10.0..']);
    expect(lines(await confidentLabels(low, high, { cell: 1, classes: [8, 9] }))).toEqual(['80.0..']);
  });

  test('affinityLabelMap runs the CRF on backgrounds of two strengths', async () => {
    const cam = hostTensor(Float32Array.of(0.9, 0.3, 0.05, 0.6), [2, 2, 1]);
    const seen: number[][] = [];
    const map = await affinityLabelMap(hostTensor(new Uint8Array(12), [2, 2, 3]), cam, {
      alphas: [1, 4],
      cell: 1,
      classes: [7],
      crf: (_image, given) => {
        seen.push([...given.values].filter((_, i) => i % 2 === 0));
        return given;
      },
    });
    for (const [i, alpha] of [1, 4].entries()) {
      for (const [k, value] of [0.1, 0.7, 0.95, 0.4].entries()) expect(seen[i]![k]).toBeCloseTo(value ** alpha, 5);
    }
    // 0.3: background at α = 1 (0.7), not at 4 (0.24).
    expect(lines(map)).toEqual(['7.', '07']);
    const image = hostTensor(new Uint8Array(12), [2, 2, 3]);
    const crf = () => hostTensor(new Float32Array(4), [2, 2, 1]);
    await expect(affinityLabelMap(image, cam, { crf })).rejects.toThrow(/`crf\(image, scores\)` of shape \[2, 2, 2\]/);
    await expect(affinityLabelMap(image, cam, {} as never)).rejects.toThrow(/PSA_CRF/);
    await expect(affinityLabelMap(image, cam, { crf, alphas: [0, 1] })).rejects.toThrow(ValueError);
    await expect(affinityLabelMap(image, cam, { crf, classes: [1, 2] })).rejects.toThrow(ValueError);
  });
});

test('cellScores are means; beyond the photo are zeros, or nothing', async () => {
  const maps = hostTensor(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1]);
  expect([...(await cellScores(maps, { cell: 2 })).values]).toEqual([3, 2.25]);
  expect([...(await cellScores(maps, { cell: 2, padding: 'ignore' })).values]).toEqual([3, 4.5]);
  await expect(cellScores(maps, { cell: 0 })).rejects.toThrow(ValueError);
  await expect(cellScores(maps, { padding: 'mean' as never })).rejects.toThrow(ValueError);
});

test('cellLabels are the labels that hold most of a cell', async () => {
  const map = labels(['00111', '0011.', '22.01']);
  expect(lines(await cellLabels(map, { cell: 2 }))).toEqual(['01.', '2.1']);
  expect(lines(await cellLabels(map, { cell: 2, share: 0.5 }))).toEqual(['011', '201']);
  await expect(cellLabels(map, { share: 0 })).rejects.toThrow(ValueError);
});

describe('irLabel', () => {
  test('a class of the first, background of both, else ignored', async () => {
    expect(lines(await irLabel(labels(['0033']), labels(['0330'])))).toEqual(['0.33']);
    await expect(irLabel(labels(['00']), labels(['0']))).rejects.toThrow(ShapeError);
  });

  test('irLabelMap with thresholds, for maps without a background', async () => {
    const maps = hostTensor(Float32Array.of(0.5, 0, 0.1, 0.2, 0.01, 0.02), [1, 3, 2]);
    const crf = (_image: unknown, given: { values: Uint8Array }, K: number) =>
      hostTensor(
        Float32Array.from({ length: 3 * K }, (_, i) => (i % K === given.values[Math.floor(i / K)] ? 1 : 0)),
        [1, 3, K],
      );
    const image = hostTensor(new Uint8Array(9), [1, 3, 3]);
    const made = await irLabelMap(image, maps, { classes: [4, 9], background: { thresholds: [0.3, 0.05] }, crf });
    expect(lines(made)).toEqual(['4.0']);
    await expect(irLabelMap(image, maps, { crf, background: { thresholds: [1] as never } })).rejects.toThrow(
      ValueError,
    );
    await expect(irLabelMap(image, maps, { crf: undefined as never })).rejects.toThrow(/crfFromLabels/);
  });
});
