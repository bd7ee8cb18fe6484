import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hex } from '../test-helpers/python';
import { readStateDict } from './index';

const weights = new URL('../../../../shared/data/weights/', import.meta.url);
describe.skipIf(!existsSync(weights))('the files of ../shared/data/weights, where they are', () => {
  test.each([
    ['deeplabv3_mnv2_voc.safetensors', 2.1e6],
    ['mobilenet_v2_features.safetensors', 2.22e6],
    ['mobilenet_v2_tf.safetensors', 3.5e6],
    ['resnet50v2_to_stage3_f16.safetensors', 8.6e6],
    ['squeezenet1_1.safetensors', 1.24e6],
    ['squeezenet1_1.pth', 1.24e6],
    ['resnet20_cifar10_legacy.th', 0.27e6],
  ])('%s', async (name, parameters) => {
    let count = 0;
    for (const tensor of (await readStateDict(new URL(name, weights))).values()) {
      const values = await tensor.data();
      expect(values.length).toBe(tensor.shape.reduce((a, b) => a * b, 1));
      if (values instanceof Float32Array) expect(values.every(Number.isFinite)).toBe(true);
      count += values.length;
    }
    // the README of the folder gives two digits, and counts running statistics or not
    expect(count / parameters).toBeGreaterThan(0.97);
    expect(count / parameters).toBeLessThan(1.06);
  });

  test('squeezenet1_1.pth equals its .safetensors exactly', async () => {
    const pth = await readStateDict(new URL('squeezenet1_1.pth', weights));
    const safe = await readStateDict(new Uint8Array(readFileSync(new URL('squeezenet1_1.safetensors', weights))));
    expect([...pth.keys()].sort()).toEqual([...safe.keys()].sort());
    for (const [name, tensor] of pth) expect(hex(await tensor.data())).toBe(hex(await safe.get(name)!.data()));
  });
});
