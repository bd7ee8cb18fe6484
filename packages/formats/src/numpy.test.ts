import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostTensor, random } from '@wsss/core';
import { afterAll, describe, expect, test } from 'vitest';
import { hex, pythonWith, run } from '../test-helpers/python';
import { readNpy, readStateDict, saveBytes, writeNpy } from './index';

const folder = mkdtempSync(join(tmpdir(), 'wsss-numpy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const numpy = pythonWith('numpy');
const seeded = random(9);
const floats = (length: number) => Float32Array.from({ length }, () => seeded.normal());

describe.skipIf(!numpy)('NumPy, where a Python ($PYTHON, python3) has it', () => {
  test('loads what was written', async () => {
    const values = floats(24);
    await saveBytes(join(folder, 'ours.npy'), await writeNpy(hostTensor(values, [2, 3, 4])));
    expect(
      run(
        numpy!,
        folder,
        'import numpy as n; a = n.load("ours.npy"); print(a.dtype, a.shape, a.tobytes().hex())',
      ).trim(),
    ).toBe(`float32 (2, 3, 4) ${hex(values)}`);
  });

  test('of what NumPy saved, every value is read', async () => {
    run(
      numpy!,
      folder,
      `
import numpy as n
r = n.random.default_rng(1)
n.save("a.npy", r.normal(size=(5, 6, 7))[::2, 1:, ::-1])
n.savez_compressed("a.npz", x=r.integers(-9, 9, (3, 4)), y=n.asfortranarray(r.normal(size=(3, 4)).astype("f2")))`,
    );
    const a = await readNpy(join(folder, 'a.npy'));
    expect(
      run(numpy!, folder, 'import numpy as n; print(n.ascontiguousarray(n.load("a.npy")).tobytes().hex())').trim(),
    ).toBe(hex(a.values));
    const zipped = await readStateDict(join(folder, 'a.npz'));
    const [x, y] = run(
      numpy!,
      folder,
      'import numpy as n; z = n.load("a.npz"); print(z["x"].tobytes().hex(), n.ascontiguousarray(z["y"].astype("f4")).tobytes().hex())',
    )
      .trim()
      .split(' ');
    expect([hex(await zipped.get('x')!.data()), hex(await zipped.get('y')!.data())]).toEqual([x, y]);
  });
});
