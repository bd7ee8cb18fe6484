import { random } from '@wsss/core';
import { describe, expect, test } from 'vitest';
import { CLASSES, scene } from './scene';

const scenes = Array.from({ length: 24 }, (_, i) => scene(random(3).fork(i), { id: `${i}`, size: 48 }));

describe('scene', () => {
  test('is the same for the same seed, and another for another', () => {
    const again = scene(random(3).fork(5), { id: '5', size: 48 });
    expect(again.image.values).toEqual(scenes[5]!.image.values);
    expect(again.mask.values).toEqual(scenes[5]!.mask.values);
    expect(again.labels).toEqual(scenes[5]!.labels);
    expect(scene(random(4).fork(5), { id: '5', size: 48 }).image.values).not.toEqual(scenes[5]!.image.values);
  });

  test('is labelled with exactly the classes of its mask, 1 to 3 of them, each large enough to see', () => {
    for (const { labels, mask } of scenes) {
      const area = new Uint32Array(CLASSES.length + 1);
      for (const value of mask.values) area[value]!++;
      const seen = CLASSES.filter((_, i) => area[i + 1]! > 0);
      expect(seen).toEqual(labels);
      expect(labels.length).toBeGreaterThanOrEqual(1);
      expect(labels.length).toBeLessThanOrEqual(3);
      for (const name of labels) expect(area[CLASSES.indexOf(name) + 1]).toBeGreaterThan(0.01 * 48 * 48);
    }
  });

  test('shows every class, and background, in a handful of scenes', () => {
    expect(new Set(scenes.flatMap(({ labels }) => labels))).toEqual(new Set(CLASSES));
    for (const { mask } of scenes) expect(mask.values).toContain(0);
  });

  test('draws the same scene at another size', () => {
    const large = scene(random(3).fork(5), { id: '5', size: 96 });
    expect(large.labels).toEqual(scenes[5]!.labels);
    let differ = 0;
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 48; x++) {
        if (large.mask.values[2 * y * 96 + 2 * x] !== scenes[5]!.mask.values[y * 48 + x]) differ++;
      }
    }
    expect(differ).toBeLessThan(0.05 * 48 * 48);
  });
});
