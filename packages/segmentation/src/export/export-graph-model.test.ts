import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engine, memory, sin, tidy } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { CAFFE_PREPROCESS, ValueError } from '@wsss/core';
import { averagePool2d, maxPool2d } from '@wsss/core/layers';
import type { Backbone } from '@wsss/core/tensor';
import { beforeAll, expect, test } from 'vitest';
import { compactSegmentation } from '../compact-segmentation';
import { deeplabLargeFov } from '../deeplab-large-fov';
import { deeplabV2 } from '../deeplab-v2';
import { deeplabV3, TENSORFLOW_DEEPLAB } from '../deeplab-v3';
import { deeplabV3Plus } from '../deeplab-v3-plus';
import { predict } from '../predict';
import { resnet38Segmentation } from '../resnet38-segmentation';
import { scene } from '../scenes.fixture';
import type { SegmentationNetwork } from '../segmentation-network';
import { smallBackbone } from '../small-backbone.fixture';
import { exportGraphModel } from './export-graph-model';

beforeAll(async () => void (await useBackend('wasm')));

const reports = fileURLToPath(new URL('../../.reports', import.meta.url));

/** What somebody else writes who has TensorFlow.js and the files: nothing of these packages. */
const PROGRAM = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
await setBackend('cpu');
const photo = readFileSync('photo.bin');
const results = {};
for (const name of readdirSync('models')) {
  const file = (path) => readFileSync('models/' + name + '/' + path);
  const json = JSON.parse(file('model.json'));
  const [{ paths, weights }] = json.weightsManifest;
  const data = Uint8Array.from(Buffer.concat(paths.map(file)));
  const model = await loadGraphModel({ load: async () => ({ ...json, weightSpecs: weights, weightData: data.buffer }) });
  const result = model.predict(tensor(Float32Array.from(photo), model.inputs[0].shape));
  results[name] = { shape: result.shape, dtype: result.dtype, values: Array.from(await result.data()) };
}
writeFileSync('results.json', JSON.stringify(results));
`;

interface Result {
  readonly shape: number[];
  readonly dtype: string;
  readonly values: number[];
}

function elsewhere(
  models: Readonly<Record<string, ReadonlyMap<string, Uint8Array>>>,
  photo: Uint8Array,
): Record<string, Result> {
  const folder = join(reports, `export-${process.pid}`);
  try {
    for (const [model, files] of Object.entries(models)) {
      mkdirSync(join(folder, 'models', model), { recursive: true });
      for (const [name, bytes] of files) writeFileSync(join(folder, 'models', model, name), bytes);
    }
    writeFileSync(join(folder, 'photo.bin'), photo);
    writeFileSync(join(folder, 'program.mjs'), PROGRAM);
    execFileSync(process.execPath, ['program.mjs'], { cwd: folder, stdio: 'pipe' });
    return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same with pools after it, and the colours of Caffe: what VGG16 has besides. */
function pooledBackbone(): Backbone {
  const backbone = smallBackbone();
  const pool = { stride: 1, padding: 1 };
  return {
    ...backbone,
    preprocess: CAFFE_PREPROCESS,
    forward: (images, options) =>
      tidy(() => {
        const { three } = backbone.forward(images, options);
        return { three: averagePool2d(maxPool2d(three!, 3, pool), 3, pool) };
      }),
  };
}

const NETWORKS: Record<string, () => SegmentationNetwork> = {
  compact: () => compactSegmentation(smallBackbone(), { classes: 3, width: 8, hidden: 8, dilations: [1, 2] }),
  largeFov: () => deeplabLargeFov(pooledBackbone(), { classes: 3 }),
  v2: () => deeplabV2(smallBackbone(), { classes: 3, rates: [1, 2] }),
  v3: () => deeplabV3(smallBackbone(), { classes: 3, width: 8, rates: [1, 2] }),
  tensorflow: () => deeplabV3(smallBackbone(), { classes: 3, width: 8, ...TENSORFLOW_DEEPLAB }),
  v3Plus: () => deeplabV3Plus(smallBackbone(), { classes: 3, width: 8, rates: [1, 2] }),
  resnet38: () => resnet38Segmentation(smallBackbone(), { classes: 3, width: 8, dilation: 2 }),
};

test('every network gives the same elsewhere, without these packages', async () => {
  const { image } = scene(4);
  const models: Record<string, Map<string, Uint8Array>> = {};
  const expected: Record<string, Float32Array> = {};
  for (const [name, make] of Object.entries(NETWORKS)) {
    const network = make();
    const before = memory().numTensors;
    models[name] = await exportGraphModel(network, { size: [48, 48] });
    expect(memory().numTensors).toBe(before);
    expected[name] = (await predict(network, image, { flip: false })).values;
  }
  const compact = NETWORKS.compact!();
  models.labels = await exportGraphModel(compact, { size: [48, 48], output: 'labels' });
  models.logits = await exportGraphModel(compact, { size: [48, 48], output: 'logits' });
  const results = elsewhere(models, image.values);
  for (const [name, values] of Object.entries(expected)) {
    expect([name, results[name]!.shape, results[name]!.dtype]).toEqual([name, [1, 48, 48, 3], 'float32']);
    const far = values.reduce((most, value, i) => Math.max(most, Math.abs(value - results[name]!.values[i]!)), 0);
    expect(far).toBeLessThan(1e-4);
    // Something is to be seen: not all pixels are alike.
    expect(new Set(values).size).toBeGreaterThan(100);
  }
  const labels = await predict(compact, image, { flip: false, output: 'labels' });
  const same = labels.values.filter((label, i) => label === results.labels!.values[i]).length;
  expect([results.labels!.shape, results.labels!.dtype]).toEqual([[1, 48, 48], 'int32']);
  expect(same).toBeGreaterThan(0.999 * labels.values.length);
  expect(Math.min(...results.logits!.values)).toBeLessThan(0);
});

test('parameters keep their names, what does not depend on the photo is computed, and large files come in pieces', async () => {
  const network = deeplabV3(smallBackbone(), { classes: 3, width: 360, rates: [] });
  const files = await exportGraphModel(network, { size: [17, 20] });
  const { weightsManifest, modelTopology } = JSON.parse(new TextDecoder().decode(files.get('model.json')));
  const [{ paths, weights }] = weightsManifest;
  const names = weights.map(({ name }: { name: string }) => name);
  expect(names).toContain('backbone.one.weight');
  expect(names).toContain('classifier.0.project.0.weight');
  // The scale and shift of a batch norm, not its four parameters.
  expect(names.filter((name: string) => name.includes('running'))).toEqual([]);
  expect(modelTopology.node.some(({ op }: { op: string }) => op === 'Rsqrt')).toBe(false);
  expect([...files.keys()]).toEqual(['model.json', ...paths]);
  const sizes = weights.map(({ shape }: { shape: number[] }) => 4 * shape.reduce((a, b) => a * b, 1));
  const total = paths.reduce((sum: number, path: string) => sum + files.get(path)!.length, 0);
  expect(total).toBe(sizes.reduce((a: number, b: number) => a + b, 0));
  expect(paths.length).toBe(Math.ceil(total / 2 ** 22));
  expect(paths.length).toBeGreaterThan(1);
});

test('refuses what it cannot write down, and leaves TensorFlow.js as it was', async () => {
  const network = NETWORKS.v2!();
  await expect(exportGraphModel(network, { size: [0, 4] })).rejects.toThrow(ValueError);
  await expect(exportGraphModel(network, { size: [4, 4], output: 'mask' as 'labels' })).rejects.toThrow(ValueError);
  const backbone = smallBackbone();
  const forward: Backbone['forward'] = (images, options) => {
    const { three } = backbone.forward(images, options);
    return { three: sin(three!) };
  };
  const { runKernel } = engine();
  const before = memory().numTensors;
  const odd = deeplabLargeFov({ ...backbone, forward }, { classes: 3 });
  const made = memory().numTensors - before;
  await expect(exportGraphModel(odd, { size: [16, 16] })).rejects.toThrow('Sin');
  expect(memory().numTensors).toBe(before + made);
  expect(engine().runKernel).toBe(runKernel);
});
