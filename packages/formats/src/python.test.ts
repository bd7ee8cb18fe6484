import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostTensor, random, type TensorLike, type TypedArray } from '@wsss/core';
import { afterAll, describe, expect, test } from 'vitest';
import { readNpy, readStateDict, saveBytes, writeNpy, writeStateDict } from './index';

const folder = mkdtempSync(join(tmpdir(), 'wsss-python-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first Python that has a module. */
function pythonWith(module: string): string | undefined {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'];
  return candidates.find((python) => python && spawnSync(python, ['-c', `import ${module}`]).status === 0);
}

const torch = pythonWith('torch');
const numpy = torch ?? pythonWith('numpy');

function run(script: string): string {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return execFileSync((torch ?? numpy)!, ['-c', script], { cwd: folder, encoding: 'utf8', stdio });
}

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
      run(`
import json, torch
state = torch.load("ours.pth", weights_only=True)
for name, value in state.items():
    value += 0 if value.dtype != torch.bool else False
    assert value.is_contiguous()
print(json.dumps({k: [list(v.shape), str(v.dtype), v.numpy().tobytes().hex()] for k, v in state.items()}))`),
    ) as Record<string, [number[], string, string]>;
    expect(Object.keys(told)).toEqual([...tensors.keys()]);
    for (const [name, tensor] of tensors) {
      expect(told[name]).toEqual([tensor.shape, `torch.${tensor.dtype}`, hex(await tensor.data())]);
    }
  });

  test('of what torch saved, old form and new, every value is read', async () => {
    const told = JSON.parse(
      run(`
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
print(json.dumps({k: [list(v.shape), str(v.dtype), v.contiguous().numpy().tobytes().hex()] for k, v in wide.items()}))`),
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

describe.skipIf(!numpy)('NumPy, where a Python ($PYTHON, python3) has it', () => {
  test('loads what was written', async () => {
    const values = floats(24);
    await saveBytes(join(folder, 'ours.npy'), await writeNpy(hostTensor(values, [2, 3, 4])));
    expect(run('import numpy as n; a = n.load("ours.npy"); print(a.dtype, a.shape, a.tobytes().hex())').trim()).toBe(
      `float32 (2, 3, 4) ${hex(values)}`,
    );
  });

  test('of what NumPy saved, every value is read', async () => {
    run(`
import numpy as n
r = n.random.default_rng(1)
n.save("a.npy", r.normal(size=(5, 6, 7))[::2, 1:, ::-1])
n.savez_compressed("a.npz", x=r.integers(-9, 9, (3, 4)), y=n.asfortranarray(r.normal(size=(3, 4)).astype("f2")))`);
    const a = await readNpy(join(folder, 'a.npy'));
    expect(run('import numpy as n; print(n.ascontiguousarray(n.load("a.npy")).tobytes().hex())').trim()).toBe(
      hex(a.values),
    );
    const zipped = await readStateDict(join(folder, 'a.npz'));
    const [x, y] = run(
      'import numpy as n; z = n.load("a.npz"); print(z["x"].tobytes().hex(), n.ascontiguousarray(z["y"].astype("f4")).tobytes().hex())',
    )
      .trim()
      .split(' ');
    expect([hex(await zipped.get('x')!.data()), hex(await zipped.get('y')!.data())]).toEqual([x, y]);
  });
});

function hex(values: TypedArray): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
}

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
