import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostTensor, random, type TensorLike } from '@wsss/core';
import { afterAll, describe, expect, test } from 'vitest';
import { hex, pythonWith, run } from '../test-helpers/python';
import { readStateDict, saveBytes, writeStateDict } from './index';

const folder = mkdtempSync(join(tmpdir(), 'wsss-torch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const torch = pythonWith('torch');
const seeded = random(9);
const floats = (length: number) => Float32Array.from({ length }, () => seeded.normal());

describe.skipIf(!torch)('torch, where a Python ($PYTHON, python3) has it', () => {
  test('loads what was written, weights only, and equals', async () => {
    const tensors = new Map<string, TensorLike>([
      ['w', hostTensor(floats(120), [2, 3, 4, 5])],
      ['d', hostTensor(Float64Array.of(0.1, Number.NEGATIVE_INFINITY), [2])],
      ['n', hostTensor(BigInt64Array.of(-(2n ** 62n)), [])],
      ['i', hostTensor(Int32Array.of(1, -2), [1, 2])],
      ['s', hostTensor(Int16Array.of(1, -2), [2])],
      ['c', hostTensor(Int8Array.of(1, -2), [2])],
      ['u', hostTensor(Uint8Array.of(1, 255), [2])],
      ['b', hostTensor(Uint8Array.of(1, 0), [2], 'bool')],
      ['e', hostTensor(new Float32Array(0), [0, 2])],
      ['grüße', hostTensor(floats(1), [1])],
    ]);
    await saveBytes(join(folder, 'ours.pth'), await writeStateDict(tensors));
    const told = JSON.parse(
      run(
        torch!,
        folder,
        `
import json, torch
state = torch.load("ours.pth", weights_only=True)
for name, value in state.items():
    value += 0 if value.dtype != torch.bool else False
    assert value.is_contiguous()
print(json.dumps({k: [list(v.shape), str(v.dtype), v.numpy().tobytes().hex()] for k, v in state.items()}))`,
      ),
    ) as Record<string, [number[], string, string]>;
    expect(Object.keys(told)).toEqual([...tensors.keys()]);
    for (const [name, tensor] of tensors) {
      expect(told[name]).toEqual([tensor.shape, `torch.${tensor.dtype}`, hex(await tensor.data())]);
    }
  });

  test('of what torch saved, old form and new, every value is read', async () => {
    const told = JSON.parse(
      run(
        torch!,
        folder,
        `
import json, torch
torch.manual_seed(3)
state = {}
for i in range(40):
    shape = torch.randint(1, 5, (int(torch.randint(0, 5, ())),)).tolist()
    kind = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.uint8, torch.bool][i % 8]
    value = (torch.randn([n + 2 for n in shape]) * 50).to(kind)
    for d, n in enumerate(shape):
        value = value.narrow(d, 1, n)
    order = torch.randperm(len(shape)).tolist()
    state[f"layer{i}.weight"] = value.permute(order) if shape else value
net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, groups=1), torch.nn.BatchNorm2d(8), torch.nn.Linear(4, 2))
state.update({f"net.{k}": v for k, v in net.state_dict().items()})
torch.save(state, "new.pth")
torch.save({"epoch": 1, "state_dict": state}, "old.pth", _use_new_zipfile_serialization=False)
wide = {k: v.float() if v.dtype in (torch.float16, torch.bfloat16) else v for k, v in state.items()}
print(json.dumps({k: [list(v.shape), str(v.dtype), v.contiguous().numpy().tobytes().hex()] for k, v in wide.items()}))`,
      ),
    ) as Record<string, [number[], string, string]>;
    for (const file of ['new.pth', 'old.pth']) {
      const read = await readStateDict(join(folder, file));
      expect([...read.keys()]).toEqual(Object.keys(told));
      for (const [name, tensor] of read) {
        expect([tensor.shape, `torch.${tensor.dtype}`, hex(await tensor.data())], name).toEqual(told[name]);
      }
    }
  });
});
