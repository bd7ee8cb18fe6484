import { expect, test } from 'vitest';
import { toWgsl } from './to-wgsl';

test('declarations, loops and conversions', () => {
  const glsl = `
    int place = index % count;
    float sum = 0.0;
    for (int i = 0; i <= place; i++) { sum += getX(i) / float(int(sum) + printer(2)); }`;
  expect(toWgsl(glsl)).toBe(`
    var place : i32 = index % count;
    var sum : f32 = 0.0;
    for (var i : i32 = 0; i <= place; i++) { sum += getX(i) / f32(i32(sum) + printer(2)); }`);
});
