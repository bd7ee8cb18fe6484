import { expect, test } from 'vitest';
import { BACKGROUND, IGNORE, VOC_CLASSES, VOC_PALETTE } from './labels';

test('classes and palette are those of the devkit', () => {
  expect([BACKGROUND, IGNORE]).toEqual([0, 255]);
  expect(VOC_CLASSES.length).toBe(20);
  expect([VOC_CLASSES[0], VOC_CLASSES[7], VOC_CLASSES[14], VOC_CLASSES[19]]).toEqual([
    'aeroplane',
    'cat',
    'person',
    'tvmonitor',
  ]);
  const colour = (index: number) => [...VOC_PALETTE.subarray(index * 3, index * 3 + 3)];
  expect(colour(0)).toEqual([0, 0, 0]);
  expect(colour(1)).toEqual([128, 0, 0]);
  expect(colour(8)).toEqual([64, 0, 0]);
  expect(colour(15)).toEqual([192, 128, 128]);
  expect(colour(20)).toEqual([0, 64, 128]);
  expect(colour(255)).toEqual([224, 224, 192]);
  const all = Array.from({ length: 256 }, (_, i) => colour(i).join());
  expect(new Set(all).size).toBe(256);
});
